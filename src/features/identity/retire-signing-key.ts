// retire_signing_key: a key that was rotated out is refused at once, for instance because it may have leaked.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import type { SigningKeyRow } from '../../gate/tokens/signing-keys.ts'
import type { Writer } from '../../platform/db/database.ts'
import { sql, tables } from '../../platform/db/statements.ts'
import { fault } from '../../platform/faults.ts'
import type { RotateDeps } from './rotate-signing-key.ts'

const app = tables<{ signing_key: SigningKeyRow }>()

export function retireSigningKey({ privateKeys, changed }: RotateDeps) {
  return defineOperation({
    name: 'retire_signing_key',
    title: 'Retire a signing key',
    description:
      'Refuses from now on every token that the key signed. The active key cannot be retired: rotate first.',
    realm: 'deployment',
    access: 'write',
    input: z.strictObject({
      kid: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'must be the name of a signing key'),
    }),
    output: z.strictObject({ kid: z.string(), status: z.literal('retired') }),
    async run({ kid }, call) {
      call.about(`signing_key:${kid}`)
      await call.system('manage_keys', tx => retire(tx, kid))
      await privateKeys.remove(kid)
      await changed()
      return { kid, status: 'retired' as const }
    },
  })
}

async function retire(tx: Writer, kid: string): Promise<void> {
  const status = (
    await tx.first(app.selectFrom('signing_key').select('status').where('kid', '=', kid).forUpdate())
  )?.status
  if (status === undefined)
    throw fault('not_found', { say: `There is no signing key ${kid}; list_signing_keys names them.` })
  if (status === 'active') {
    throw fault('conflict', {
      reason: 'key_is_active',
      say: `${kid} is the active key, which signs new tokens. Run rotate_signing_key first, then retire ${kid}.`,
    })
  }
  if (status === 'retired') return
  await tx.run(
    app
      .updateTable('signing_key')
      .set({ status: 'retired', accepted_until: sql<Date>`now()` })
      .where('kid', '=', kid),
  )
}
