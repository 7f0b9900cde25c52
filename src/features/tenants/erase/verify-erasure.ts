// verify_erasure: looks for anything that is left of a tenant, in every table there is.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import type { OwnerDatabase } from '../../../platform/db/database.ts'
import { fault } from '../../../platform/faults.ts'
import { leftOver } from './left-over.ts'

export interface VerifyErasureDeps {
  /** Absent where this process has not the owner's login. */
  readonly owner?: OwnerDatabase | undefined
}

export function verifyErasure({ owner }: VerifyErasureDeps) {
  return defineOperation({
    name: 'verify_erasure',
    title: 'Verify that a tenant is erased',
    description:
      'Counts what is left of a tenant in every table, partition and job of the database: nothing, once it is erased.',
    realm: 'deployment',
    access: 'read',
    input: z.strictObject({ tenant_id: z.guid('must be a UUID').describe("The erased tenant's id.") }),
    output: z.strictObject({
      tenant_id: z.string(),
      erased: z.boolean(),
      left: z.array(z.strictObject({ where: z.string(), rows: z.int() })),
    }),
    async run({ tenant_id }, call) {
      const tenantId = tenant_id.toLowerCase()
      call.about(`tenant:${tenantId}`)
      if (owner === undefined) {
        throw fault('unsupported', {
          reason: 'needs_owner',
          say: 'Only the owner of the tables sees all of them: run this where DATABASE_OWNER_URL is set.',
        })
      }
      const database = { system: call.system }
      const left = await leftOver({ owner, database }, tenantId)
      const rows = left.reduce((sum, one) => sum + one.rows, 0)
      call.about(`tenant:${tenantId} left:${rows}`)
      return { tenant_id: tenantId, erased: left.length === 0, left }
    },
  })
}
