// A stream is a read operation that is asked again and again: the stages before it stand once, at its beginning, and it
// is put on record once, at its end. What ends it from outside is the signal of the call.
import { asFault, type Fault } from '../../platform/faults.ts'
import { trace } from '../../platform/telemetry/trace.ts'
import { authorize } from '../authorize.ts'
import type { OpenedCall } from '../open-call.ts'
import type { Follow } from './follow.ts'
import type { ReadOperation } from '../operation.ts'
import { checkOutput, parseInput } from '../parse-input.ts'
import type { Outcome, Stages } from '../run-operation.ts'

/** The input to ask with next, after an answer; undefined ends the stream. */
export type NextInput = Follow['next']

export type OpenStream = (
  operation: ReadOperation,
  rawInput: unknown,
  opened: OpenedCall,
  next: NextInput,
) => AsyncGenerator<Record<string, unknown>>

/** Whoever stops reading ends it. Throws a fault, also the one that the call's signal was aborted with. */
export function streamOpener({ takeToken, record }: Stages): OpenStream {
  return async function* openStream(operation, rawInput, opened, next) {
    let last: Record<string, unknown> = {}
    let problem: Fault | undefined
    try {
      trace('authorize', () => authorize(operation, opened.call.principal))
      await trace('rate-limit', () => takeToken(operation, opened))
      let input: Record<string, unknown> | undefined = trace('validate', () =>
        parseInput(operation, rawInput),
      )
      while (input !== undefined) {
        last = await ask(operation, input, opened)
        yield last
        input = next(input, last)
      }
    } catch (error) {
      problem = asFault(error)
      throw problem
    } finally {
      // Whoever leaves a stream has read it until then.
      const isOver = problem === undefined || problem.code === 'cancelled'
      const outcome: Outcome = isOver ? { ok: true, value: last } : { ok: false, fault: problem as Fault }
      await trace('record', () => record(operation, opened, outcome))
    }
  }
}

async function ask(operation: ReadOperation, input: Record<string, unknown>, opened: OpenedCall) {
  if (opened.realm !== 'tenant') throw new Error('authorize lets no call of another realm pass')
  return checkOutput(operation, await operation.run(input, opened.call))
}
