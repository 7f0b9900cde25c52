// revoke_operator_key: an operator's key is refused from now on.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { keyId } from '../api-keys/key-shape.ts'

export function revokeOperatorKey({ changed }: { changed: () => Promise<void> }) {
  return defineOperation({
    name: 'revoke_operator_key',
    title: 'Revoke an operator key',
    description: 'Refuses an operator key from now on. All processes know within two seconds.',
    realm: 'deployment',
    access: 'write',
    input: z.strictObject({ id: keyId }),
    output: z.strictObject({ id: z.string(), status: z.literal('revoked') }),
    async run({ id }, call) {
      call.about(`operator_key:${id}`)
      await call.system('manage_people', async tx => {
        const revoked = await tx.run(sql`
          update app.key_standing set is_revoked = true, changed_at = now()
          where id = ${id} and tenant_of is null`)
        if (revoked === 0)
          throw fault('not_found', { say: `There is no operator key ${id}; list_operator_keys names them.` })
      })
      await changed()
      return { id, status: 'revoked' as const }
    },
  })
}
