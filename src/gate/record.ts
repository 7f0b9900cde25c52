// Puts the outcome of a call on record: an audit row for what was done, read, forbidden or failed; a log line for
// what went wrong. Malformed and limited calls leave a log line only, so that nobody can flood the audit.
import type { Database } from '../platform/db/database.ts'
import { asFault, fault, type FaultCode } from '../platform/faults.ts'
import type { Logger } from '../platform/telemetry/logger.ts'
import { auditRows, insertDeploymentAudit, type AuditRow, type AuditRows } from './audit/audit-rows.ts'
import type { OpenedCall } from './open-call.ts'
import type { Operation } from './operation.ts'
import type { Outcome } from './run-operation.ts'
import type { Scope } from './scopes.ts'

const NOT_AUDITED: ReadonlySet<FaultCode> = new Set(['invalid_input', 'rate_limited', 'unauthenticated'])
const REFUSALS: ReadonlySet<FaultCode> = new Set(['forbidden', 'not_found', 'conflict', 'unsupported'])
/** Who uses these must be on record, or gets no answer. */
const ADMINISTRATIVE: ReadonlySet<string> = new Set<Scope>([
  'documents:read_all',
  'users:read',
  'users:write',
  'keys:write',
  'audit:read',
  'tenant:write',
  'costs:read',
  'budgets:write',
  'budgets:grant',
])

/** The record stage. A write's own row is in its transaction already. */
export function recorder({ database, log }: { database: Database; log: Logger }) {
  const rows = auditRows(database)
  return async function record(
    operation: Operation,
    { call, trail }: OpenedCall,
    outcome: Outcome,
  ): Promise<void> {
    if (!outcome.ok) logFault(log, operation, outcome.fault)
    if (outcome.ok ? trail.isRecorded() : NOT_AUDITED.has(outcome.fault.code)) return
    const row = outcome.ok ? trail.row('ok') : trail.row(kindOf(outcome.fault.code), outcome.fault.code)
    try {
      await insert(database, rows, call.principal, row)
    } catch (error) {
      // Nobody acts in a tenant that is shut: there the refusal stands in the log, and no row is missing.
      if (!outcome.ok && asFault(error).reason === 'tenant_inactive') return
      log.error(
        { err: error, operation: operation.name, alarm: 'audit' },
        'an audit row could not be written',
      )
      if (outcome.ok && mustBeOnRecord(operation))
        throw fault('unavailable', { reason: 'audit_unavailable', detail: 'audit', because: error })
    }
  }
}

/** A tenant's ordinary reads go on under the alarm; what administers does not. */
function mustBeOnRecord(operation: Operation): boolean {
  return operation.realm === 'deployment' || ADMINISTRATIVE.has(operation.scope)
}

async function insert(
  database: Database,
  rows: AuditRows,
  principal: OpenedCall['call']['principal'],
  row: AuditRow,
): Promise<void> {
  if (principal.realm === 'tenant') return rows.add(principal.tenantId, row)
  await database.system('record_audit', tx => insertDeploymentAudit(tx, row))
}

function kindOf(code: FaultCode): AuditRow['outcome'] {
  return REFUSALS.has(code) ? 'refused' : 'failed'
}

function logFault(log: Logger, operation: Operation, problem: Error & { code: FaultCode }): void {
  const level =
    problem.code === 'internal'
      ? 'error'
      : problem.code === 'unavailable' || problem.code === 'timeout'
        ? 'warn'
        : 'info'
  log[level](
    { err: level === 'info' ? undefined : problem, operation: operation.name, fault: problem.code },
    'operation refused or failed',
  )
}
