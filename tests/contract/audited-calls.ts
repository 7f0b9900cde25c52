// Calls through the gate that leave rows in the audit: operations that do what a test says, run with the real record
// stage over a real database.
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import type {
  DeploymentPrincipal,
  Principal,
  ReadCall,
  SystemCall,
  TenantPrincipal,
  WriteCall,
} from '../../src/gate/call.ts'
import { callOpener } from '../../src/gate/open-call.ts'
import { defineOperation, type Operation } from '../../src/gate/operation.ts'
import { recorder } from '../../src/gate/record.ts'
import { operationRunner } from '../../src/gate/run-operation.ts'
import type { Database } from '../../src/platform/db/database.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { trace } from '../../src/platform/telemetry/trace.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { unpaid } from '../harness/unpaid.ts'
import { refusalOf } from '../harness/refusal.ts'

const shared = { title: '', description: '', input: z.strictObject({}), output: z.object({}) }
const ofTenants = { ...shared, realm: 'tenant', scope: 's' } as const

export function reading(run: (call: ReadCall) => Promise<unknown>): Operation {
  const operation = { ...ofTenants, name: 'probe_read', access: 'read' } as const
  return defineOperation({ ...operation, run: async (_, call) => (await run(call), {}) })
}

export function writing(run: (call: WriteCall) => Promise<unknown>): Operation {
  const operation = { ...ofTenants, name: 'probe_write', access: 'write' } as const
  return defineOperation({ ...operation, run: async (_, call) => (await run(call), {}) })
}

export function deploying(run: (call: SystemCall) => Promise<unknown>): Operation {
  const operation = { ...shared, name: 'probe_deploy', realm: 'deployment', access: 'write' } as const
  return defineOperation({ ...operation, run: async (_, call) => (await run(call), {}) })
}

export const operator: DeploymentPrincipal = { realm: 'deployment', subject: 'operator' }

export function ada(tenantId: string, scopes: readonly string[] = ['s']): TenantPrincipal {
  return {
    realm: 'tenant',
    tenantId,
    subject: 'ada',
    scopes: new Set(scopes),
    tokenId: 'jti-1',
    expiresAt: 0,
  }
}

export interface CallOptions {
  readonly requestId?: string
  readonly signal?: AbortSignal
  readonly rawInput?: unknown
}

export interface Called {
  readonly requestId: string
  /** 'ok' or the fault's code. */
  readonly ended: string
  /** The lines that the log got. */
  readonly log: string
}

/** Runs operations through the gate over a database. */
export function callsOver(database: Database) {
  const openCall = callOpener({ database, spendAs: unpaid })
  return async function called(
    operation: Operation,
    principal: Principal,
    { requestId = uuidv7(), signal = new AbortController().signal, rawInput = {} }: CallOptions = {},
  ): Promise<Called> {
    const sink = new PassThrough()
    const record = recorder({ database, log: createLogger('info', sink) })
    const runOperation = operationRunner({ takeToken: () => undefined, record })
    const refusal = await refusalOf(
      trace('request', () =>
        runOperation(operation, rawInput, openCall(operation, principal, { requestId, signal })),
      ),
    )
    sink.end()
    return { requestId, ended: refusal?.code ?? 'ok', log: await text(sink) }
  }
}
