// Calls operations as a user of one tenant, through every stage of a call but the rate limit.
import { unpaid } from './unpaid.ts'
import type { TenantPrincipal } from '../../src/gate/call.ts'
import { callOpener } from '../../src/gate/open-call.ts'
import type { Operation } from '../../src/gate/operation.ts'
import { recorder } from '../../src/gate/record.ts'
import { operationRunner } from '../../src/gate/run-operation.ts'
import type { Database } from '../../src/platform/db/database.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'

export type Ask = <Answer = Record<string, unknown>>(operation: string, input: unknown) => Promise<Answer>

interface Who {
  readonly scopes?: readonly string[]
  readonly subject?: string
}

/** `const ask = callerOf(database, operations, tenantId)`, then `await ask('search_documents', { query: '…' })`. */
export function callerOf(
  database: Database,
  operations: readonly Operation[],
  tenantId: string,
  who: readonly string[] | Who = {},
): Ask {
  const { scopes = ['documents:read', 'documents:write'], subject = 'tester' }: Who =
    'length' in who ? { scopes: who } : who
  const runOperation = operationRunner({
    takeToken: () => undefined,
    record: recorder({ database, log: createLogger('silent') }),
  })
  const principal: TenantPrincipal = {
    realm: 'tenant',
    tenantId,
    subject,
    scopes: new Set(scopes),
    tokenId: 'test-token',
    expiresAt: 4_102_444_800,
  }
  return async <Answer>(name: string, input: unknown) => {
    const operation = operations.find(one => one.name === name)
    if (operation === undefined) throw new Error(`no operation ${name}`)
    const context = { requestId: `test-${name}`, signal: AbortSignal.timeout(60_000) }
    return (await runOperation(
      operation,
      input,
      callOpener({ database, spendAs: unpaid })(operation, principal, context),
    )) as Answer
  }
}
