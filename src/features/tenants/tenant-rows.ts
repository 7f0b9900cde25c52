// Tenants as operators see them: the rows of the registry and how a tenant is named in an input.
import { z } from 'zod'
import type { Reader } from '../../platform/db/database.ts'
import { sql } from '../../platform/db/statements.ts'
import { fault } from '../../platform/faults.ts'

export const tenantShape = z.object({
  id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  tier: z.string(),
  status: z.enum(['provisioning', 'active', 'suspended', 'removing']),
  created_at: z.iso.datetime(),
})

export type Tenant = z.output<typeof tenantShape>
type TenantRow = Omit<Tenant, 'created_at'> & { readonly created_at: Date }

/** For inputs that name a tenant. */
export const tenantRef = z.string().min(1).max(63).describe("The tenant's id or slug.")

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether a text would be taken for an id; a slug that looks like one is refused at creation. */
export const looksLikeId = (ref: string): boolean => UUID.test(ref)

/** The tenant with this id or slug; `not_found` when there is none. `tx` is a system transaction. */
export async function findTenant(tx: Reader, ref: string): Promise<Tenant> {
  const named = looksLikeId(ref) ? sql`id = ${ref.toLowerCase()}` : sql`slug = ${ref}`
  const row = await tx.first(
    sql<TenantRow>`select id, slug, name, tier, status, created_at from app.tenant where ${named}`,
  )
  if (row === undefined)
    throw fault('not_found', { say: `There is no tenant "${ref}".`, reason: 'unknown_tenant' })
  return asTenant(row)
}

export async function allTenants(tx: Reader): Promise<Tenant[]> {
  const rows = await tx.all(sql<TenantRow>`
    select id, slug, name, tier, status, created_at from app.tenant order by created_at, id`)
  return rows.map(asTenant)
}

function asTenant(row: TenantRow): Tenant {
  return { ...row, created_at: row.created_at.toISOString() }
}
