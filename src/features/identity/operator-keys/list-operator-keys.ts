// list_operator_keys: which keys administer the deployment, and when each was last used. Never a secret or its hash.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { sql } from '../../../platform/db/statements.ts'
import { listedKey, shownKey, type ListedKeyRow } from '../api-keys/key-shape.ts'

export function listOperatorKeys() {
  return defineOperation({
    name: 'list_operator_keys',
    title: 'List the operator keys',
    description: 'Lists the keys that administer the deployment, newest first, with when each was last used.',
    realm: 'deployment',
    access: 'read',
    input: z.strictObject({}),
    output: z.strictObject({ keys: z.array(z.strictObject(listedKey)) }),
    async run(_input, call) {
      const rows = await call.system('manage_people', tx =>
        tx.all(sql<ListedKeyRow>`
          select id, coalesce(name, '') as name, created_at, expires_at, last_used_at, is_revoked
          from app.key_standing where tenant_of is null order by created_at desc, id`),
      )
      return { keys: rows.map(shownKey) }
    },
  })
}
