// Calls operations of the deployment as an operator, through every stage of a call but the rate limit.
import { callOpener } from '../../src/gate/open-call.ts'
import type { Operation } from '../../src/gate/operation.ts'
import { recorder } from '../../src/gate/record.ts'
import { operationRunner } from '../../src/gate/run-operation.ts'
import type { Database } from '../../src/platform/db/database.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import type { Ask } from './tenant-caller.ts'
import { unpaid } from './unpaid.ts'

/** `const operate = operatorOf(database, operations)`, then `await operate('list_tiers', {})`. */
export function operatorOf(database: Database, operations: readonly Operation[]): Ask {
  const runOperation = operationRunner({
    takeToken: () => undefined,
    record: recorder({ database, log: createLogger('silent') }),
  })
  const open = callOpener({ database, spendAs: unpaid })
  return async <Answer>(name: string, input: unknown) => {
    const operation = operations.find(one => one.name === name)
    if (operation === undefined) throw new Error(`no operation ${name}`)
    const context = { requestId: `test-${name}`, signal: AbortSignal.timeout(60_000) }
    const opened = open(operation, { realm: 'deployment', subject: 'operator:root' }, context)
    return (await runOperation(operation, input, opened)) as Answer
  }
}
