// Opens a call: binds the doors to the database to one principal and one operation.
import type { Database } from '../platform/db/database.ts'
import { sql } from '../platform/db/statements.ts'
import { traceId } from '../platform/telemetry/trace.ts'
import { uuidv7 } from '../platform/uuid-v7.ts'
import { insertAudit, insertDeploymentAudit, type AuditRow } from './audit/audit-rows.ts'
import type { Principal, SystemCall, TenantPrincipal, WriteCall } from './call.ts'
import type { Operation } from './operation.ts'
import type { Spend, Spender, SpendAs } from './money/spend.ts'
import { readsOf, rightsOf } from './roles.ts'

export interface CallContext {
  readonly requestId: string
  readonly signal: AbortSignal
  /** The task that it is part of, which bears its cost. */
  readonly task?: CallTask | undefined
  /** Of the call that this one is made within: it is paid by that. */
  readonly spend?: Spend | undefined
}

export interface CallTask {
  readonly id: string
  readonly label?: string | undefined
}

/** What the record stage knows of a call that the operation itself does not see. */
export interface CallTrail {
  readonly principal: Principal
  /** The audit row as it would be written now. */
  row(outcome: AuditRow['outcome'], fault?: string): AuditRow
  /** Whether a committed transaction of the call already holds its audit row. */
  isRecorded(): boolean
}

export type OpenedCall =
  | { readonly realm: 'tenant'; readonly call: WriteCall; readonly trail: CallTrail }
  | { readonly realm: 'deployment'; readonly call: SystemCall; readonly trail: CallTrail }

/** `openCall(operation, principal, { requestId, signal })` for a database, and for those who are paid. */
export function callOpener({ database, spendAs }: { database: Database; spendAs: SpendAs }) {
  const ownSpend = (principal: TenantPrincipal, operation: Operation, task: CallTask | undefined): Spend =>
    labelled(task?.label, spendAs(spenderOf(principal, operation, task?.id)))
  return function openCall(operation: Operation, principal: Principal, context: CallContext): OpenedCall {
    const notes: Notes = { object: null, recorded: false }
    const { requestId, signal } = context
    const shared = {
      requestId,
      signal,
      traceId: traceId(),
      about: (object: string) => void (notes.object = object),
    }
    const trail: CallTrail = {
      principal,
      isRecorded: () => notes.recorded,
      row: (outcome, fault) => ({
        id: uuidv7(),
        subject: principal.subject,
        token_id: principal.realm === 'tenant' ? principal.tokenId : null,
        operation: operation.name,
        object: notes.object,
        outcome,
        fault: fault ?? null,
        request_id: context.requestId,
        trace_id: shared.traceId,
      }),
    }
    if (principal.realm === 'tenant') {
      return {
        realm: 'tenant',
        trail,
        call: {
          ...shared,
          principal,
          ...tenantDoors(database, principal, context, { trail, notes }),
          spend: context.spend ?? ownSpend(principal, operation, context.task),
        },
      }
    }
    return {
      realm: 'deployment',
      trail,
      call: { ...shared, principal, ...systemDoor(database, { trail, notes }) },
    }
  }
}

interface Notes {
  object: string | null
  recorded: boolean
}

interface Recording {
  readonly trail: CallTrail
  readonly notes: Notes
}

function tenantDoors(
  database: Database,
  principal: TenantPrincipal,
  context: CallContext,
  { trail, notes }: Recording,
) {
  const scope = {
    tenantId: principal.tenantId,
    subject: principal.subject,
    reads: readsOf(principal),
    rights: rightsOf(principal),
    signal: context.signal,
  }
  const doors: Pick<WriteCall, 'read' | 'readBatch' | 'write'> = {
    read: fn => database.readAs(scope, fn),
    readBatch: statements => database.readBatchAs(scope, statements),
    write: async (fn, options = {}) => {
      const result = await database.writeAs({ ...scope, ...options }, async tx => {
        const value = await fn(tx)
        await insertAudit(tx, principal.tenantId, trail.row('ok'))
        return value
      })
      notes.recorded = true
      return result
    },
  }
  return doors
}

/** The id is ours, not the request's: nobody avoids a charge by sending an old one. */
function spenderOf(
  { tenantId, subject, tokenId }: TenantPrincipal,
  operation: Operation,
  task: string | undefined,
): Spender {
  const keyId = tokenId.startsWith('key:') ? tokenId.slice('key:'.length) : undefined
  return { tenantId, subject, keyId, operation: operation.name, task, callId: uuidv7() }
}

function labelled(label: string | undefined, spend: Spend): Spend {
  return label === undefined
    ? spend
    : (spending, fn) => spend({ ...spending, label: spending.label ?? label }, fn)
}

function systemDoor(database: Database, { trail, notes }: Recording) {
  const door: Pick<SystemCall, 'system'> = {
    system: async (reason, fn) => {
      let wrote = false
      const result = await database.system(reason, async tx => {
        const value = await fn(tx)
        // Postgres gives a transaction its number at the first write, whichever way that was sent.
        const written = sql<{ wrote: boolean }>`select pg_current_xact_id_if_assigned() is not null as wrote`
        wrote = (await tx.first(written))?.wrote === true
        if (wrote) await insertDeploymentAudit(tx, trail.row('ok'))
        return value
      })
      notes.recorded ||= wrote
      return result
    },
  }
  return door
}
