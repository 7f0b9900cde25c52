// Two tenants with one row each in every tenant table, and how to ask whose rows a transaction sees.
import { inject } from 'vitest'
import type { Statement, TenantScope, Writer } from '../../src/platform/db/database.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { fillTenantTables, tenantTables } from './sample-rows.ts'

export interface TwoTenants {
  readonly db: TestDatabase
  readonly a: TenantScope
  readonly b: TenantScope
  /** The names of the tenant tables. */
  readonly tables: readonly string[]
  /** Ids of the tenants whose rows a transaction sees, over all tenant tables. */
  visible(tx: Pick<Writer, 'all'>): Promise<string[]>
}

export async function openTwoTenants(): Promise<TwoTenants> {
  const db = await openTestDatabase()
  const a = { tenantId: await db.createTenant(), subject: 'a' }
  const b = { tenantId: await db.createTenant(), subject: 'b' }
  await fillTenantTables(db, [a.tenantId, b.tenantId])
  const tables = (await tenantTables(db)).map(({ name }) => name)
  const selects = tables.map(table => sql`select tenant_id from ${sql.table(`app.${table}`)}`)
  const all = sql<{
    id: string
  }>`select distinct tenant_id as id from (${sql.join(selects, sql` union `)}) as t`
  return { db, a, b, tables, visible: async tx => (await tx.all(all)).map(({ id }) => id) }
}

/** What a database needs beside its engine to take on the application's role, where the login has it not. */
export const ROLE_OF_THE_APP = inject('engine') === 'postgres' ? {} : { role: 'gatehouse_app' }

/** A text as one statement: what an injection amounts to. */
export const raw = (text: string): Statement<Record<string, unknown>> => sql.raw(text) as never

export const setSeal = (seal: string): Statement => sql`select set_config('app.seal', ${seal}, true)`
