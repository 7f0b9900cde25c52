// revoke_api_key: a key is refused from now on. Somebody else's looks like none to who may not manage users.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { keyId } from './key-shape.ts'

export function revokeApiKey({ changed }: { changed: () => Promise<void> }) {
  return defineOperation({
    name: 'revoke_api_key',
    title: 'Revoke an API key',
    description:
      'Refuses an API key from now on: one of the caller, or with the scope users:write any of the tenant. All processes know within two seconds.',
    realm: 'tenant',
    access: 'write',
    scope: 'keys:write',
    destructive: true,
    tool: false,
    uncounted: true,
    input: z.strictObject({ id: keyId }),
    output: z.strictObject({ id: z.string(), status: z.literal('revoked') }),
    async run({ id }, call) {
      const { tenantId, subject, scopes } = call.principal
      call.about(`api_key:${id}`)
      await call.write(async tx => {
        const revoked = await tx.run(sql`
          update app.api_key set revoked_at = coalesce(revoked_at, now())
          where tenant_id = ${tenantId} and id = ${id}
            and (${scopes.has('users:write')}::boolean or user_id = ${subject})`)
        if (revoked === 0)
          throw fault('not_found', { say: `There is no API key ${id}; list_api_keys names them.` })
      })
      await changed()
      return { id, status: 'revoked' as const }
    },
  })
}
