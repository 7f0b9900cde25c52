// list_api_keys: the caller's own keys, or all of the tenant for those who see its users. Never a secret or its hash.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { sql } from '../../../platform/db/statements.ts'
import { listedKey, shownKey, type ListedKeyRow } from './key-shape.ts'

/** More than a person reads. The newest are shown. */
const MAX_ROWS = 1_000

interface ApiKeyRow extends ListedKeyRow {
  readonly user_id: string
  readonly scopes: readonly string[]
  readonly created_by: string
}

export function listApiKeys() {
  return defineOperation({
    name: 'list_api_keys',
    title: 'List API keys',
    description:
      'Lists the API keys of the caller, newest first; with the scope users:read those of the whole tenant.',
    realm: 'tenant',
    access: 'read',
    scope: 'keys:write',
    tool: false,
    uncounted: true,
    input: z.strictObject({}),
    output: z.strictObject({
      keys: z.array(
        z.strictObject({
          ...listedKey,
          user: z.string(),
          scopes: z.array(z.string()),
          created_by: z.string(),
        }),
      ),
    }),
    async run(_input, call) {
      const { tenantId, subject, scopes } = call.principal
      const [rows] = await call.readBatch([rowsOf(tenantId, scopes.has('users:read') ? null : subject)])
      const keys = rows.map(row => ({
        ...shownKey(row),
        user: row.user_id,
        scopes: [...row.scopes],
        created_by: row.created_by,
      }))
      return { keys }
    },
  })
}

function rowsOf(tenantId: string, user: string | null) {
  return sql<ApiKeyRow>`
    select id, name, user_id, scopes, created_by, created_at, expires_at, last_used_at,
      revoked_at is not null as is_revoked
    from app.api_key
    where tenant_id = ${tenantId} and (${user}::text is null or user_id = ${user})
    order by created_at desc, id limit ${MAX_ROWS}`
}
