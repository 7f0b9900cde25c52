// THE way of every call, whoever makes it: authorize, rate-limit, validate, run, record.
import { asFault, type Fault } from '../platform/faults.ts'
import { trace } from '../platform/telemetry/trace.ts'
import { authorize } from './authorize.ts'
import type { OpenedCall } from './open-call.ts'
import type { Operation } from './operation.ts'
import { checkOutput, parseInput } from './parse-input.ts'

export type Outcome =
  | { readonly ok: true; readonly value: Record<string, unknown> }
  | { readonly ok: false; readonly fault: Fault }

export interface Stages {
  /** Throws `rate_limited` when the caller's allowance for operations is used up. */
  takeToken(operation: Operation, opened: OpenedCall): void | Promise<void>
  /** Resolves when the outcome is on record. */
  record(operation: Operation, opened: OpenedCall, outcome: Outcome): Promise<void>
}

export type RunOperation = (
  operation: Operation,
  rawInput: unknown,
  opened: OpenedCall,
) => Promise<Record<string, unknown>>

/** The limit stands before validation, so that malformed calls use it up too. */
export function operationRunner({ takeToken, record }: Stages): RunOperation {
  return async function runOperation(operation, rawInput, opened) {
    // biome-ignore format: the stages stand in a column
    const outcome = await attempt(async () => {
                  trace('authorize',  () => authorize(operation, opened.call.principal))
            await trace('rate-limit', () => takeToken(operation, opened))
      const input = trace('validate',   () => parseInput(operation, rawInput))
      return trace(operation.name, () => run(operation, input, opened))
    })
    await trace('record', () => record(operation, opened, outcome))
    return unwrap(outcome)
  }
}

async function run(
  operation: Operation,
  input: Record<string, unknown>,
  opened: OpenedCall,
): Promise<Record<string, unknown>> {
  if (operation.realm === 'tenant' && opened.realm === 'tenant') {
    return checkOutput(operation, await operation.run(input, opened.call))
  }
  if (operation.realm === 'deployment' && opened.realm === 'deployment') {
    return checkOutput(operation, await operation.run(input, opened.call))
  }
  throw new Error('authorize lets no call of another realm pass')
}

async function attempt(fn: () => Promise<Record<string, unknown>>): Promise<Outcome> {
  try {
    return { ok: true, value: await fn() }
  } catch (error) {
    return { ok: false, fault: asFault(error) }
  }
}

function unwrap(outcome: Outcome): Record<string, unknown> {
  if (outcome.ok) return outcome.value
  throw outcome.fault
}
