// Audit rows on their way into the database. A write's row goes into the write's own transaction; the rows of
// reads and refusals are gathered while the previous insert is under way, one insert a tenant.
import type { Database, Writer } from '../../platform/db/database.ts'
import { tables } from '../../platform/db/statements.ts'
import { storableText } from '../../platform/storable-text.ts'

export interface AuditRow {
  readonly id: string
  readonly subject: string
  readonly token_id: string | null
  readonly operation: string
  readonly object: string | null
  readonly outcome: 'ok' | 'refused' | 'failed'
  readonly fault: string | null
  readonly request_id: string
  readonly trace_id: string
}

type TenantAuditRow = AuditRow & { readonly tenant_id: string }
const app = tables<{ audit: TenantAuditRow; deployment_audit: Omit<AuditRow, 'token_id'> }>()

/** Inserts one row through an open transaction of the tenant. */
export function insertAudit(tx: Writer, tenantId: string, row: AuditRow): Promise<number> {
  return tx.run(app.insertInto('audit').values({ ...storable(row), tenant_id: tenantId }))
}

export function insertDeploymentAudit(tx: Writer, { token_id: _, ...row }: AuditRow): Promise<number> {
  return tx.run(app.insertInto('deployment_audit').values(storable(row)))
}

/** A text that Postgres refuses would take the rows beside it down with it. */
function storable<Row extends Omit<AuditRow, 'token_id'>>(row: Row): Row {
  const { subject, object, request_id } = row
  return {
    ...row,
    subject: storableText(subject).text,
    object: object === null ? null : storableText(object).text,
    request_id: storableText(request_id).text,
  }
}

/** One row has some ten values, and a statement may have 65,535. */
const ROWS_AT_ONCE = 2_000

export interface AuditRows {
  /** Resolves when the row is committed. */
  add(tenantId: string, row: AuditRow): Promise<void>
}

/** Rows of one tenant that arrive while its last insert runs go together in the next. */
export function auditRows(database: Database): AuditRows {
  const gathering = new Map<string, { rows: AuditRow[]; committed: Promise<void> }>()
  const running = new Map<string, Promise<void>>()

  async function insert(tenantId: string): Promise<void> {
    await running.get(tenantId)?.catch(() => undefined)
    const batch = gathering.get(tenantId)
    gathering.delete(tenantId)
    const rows = (batch?.rows ?? []).map(row => ({ ...storable(row), tenant_id: tenantId }))
    const done = database.writeAs({ tenantId, subject: 'gatehouse:audit' }, async tx => {
      for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
        await tx.run(app.insertInto('audit').values(rows.slice(from, from + ROWS_AT_ONCE)))
    })
    running.set(tenantId, done)
    try {
      await done
    } finally {
      if (running.get(tenantId) === done) running.delete(tenantId)
    }
  }

  return {
    add(tenantId, row) {
      const open = gathering.get(tenantId)
      if (open !== undefined) {
        open.rows.push(row)
        return open.committed
      }
      const batch = { rows: [row], committed: Promise.resolve() }
      gathering.set(tenantId, batch)
      batch.committed = insert(tenantId)
      return batch.committed
    },
  }
}
