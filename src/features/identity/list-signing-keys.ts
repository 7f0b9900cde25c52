// list_signing_keys: every key there ever was, newest first, and until when its tokens are accepted.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import type { SigningKeyRow } from '../../gate/tokens/signing-keys.ts'
import { tables } from '../../platform/db/statements.ts'

const Key = z.strictObject({
  id: z.string().describe('The kid in the header of the tokens it signed.'),
  status: z.enum(['active', 'retiring', 'retired']),
  created_at: z.iso.datetime(),
  accepted_until: z.iso
    .datetime()
    .nullable()
    .describe('Tokens it signed are refused from then on; null: it signs.'),
})

const allKeys = tables<{ signing_key: SigningKeyRow }>()
  .selectFrom('signing_key')
  .select(['kid', 'status', 'created_at', 'accepted_until'])
  .orderBy('created_at', 'desc')

export function listSigningKeys() {
  return defineOperation({
    name: 'list_signing_keys',
    title: 'List the signing keys',
    description:
      'Lists the keys that sign or signed access tokens: which one signs, and until when the others are accepted.',
    realm: 'deployment',
    access: 'read',
    input: z.strictObject({}),
    output: z.strictObject({ keys: z.array(Key) }),
    async run(_input, call) {
      const rows = await call.system('manage_keys', tx => tx.all(allKeys))
      return { keys: rows.map(shown) }
    },
  })
}

function shown({
  kid,
  status,
  created_at,
  accepted_until,
}: Omit<SigningKeyRow, 'public_jwk'>): z.input<typeof Key> {
  const isOver = accepted_until !== null && accepted_until.getTime() <= Date.now()
  return {
    id: kid,
    status: isOver ? 'retired' : status,
    created_at: created_at.toISOString(),
    accepted_until: accepted_until?.toISOString() ?? null,
  }
}
