// What of a typed `task run` goes where: the workflow's input, and what the task itself takes.
import { fault } from '../../../platform/faults.ts'
import { membersOf } from '../../client/gatehouse-error.ts'

export interface RunOptions {
  readonly model?: string
  readonly label?: string
  /** JSON: more of the workflow's input. */
  readonly input?: string
  readonly timeLimit?: string
}

/** The input of start_task; throws `invalid_input` where an option is none. */
export function startInput(
  workflow: string,
  question: string | undefined,
  { model, label, input, timeLimit }: RunOptions,
): Record<string, unknown> {
  const given = {
    ...(input === undefined ? {} : jsonObject(input)),
    ...(model === undefined ? {} : { model }),
  }
  return {
    workflow,
    ...(question === undefined ? {} : { question }),
    ...(Object.keys(given).length === 0 ? {} : { input: given }),
    ...(label === undefined ? {} : { label }),
    ...(timeLimit === undefined ? {} : { time_limit_seconds: Number(timeLimit) }),
    // The command asks again when an answer was lost: it is the same task then.
    idempotency_key: crypto.randomUUID(),
  }
}

function jsonObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw fault('invalid_input', {
      say: '--input is no JSON: give an object, like {"limit": 3}.',
      because: error,
    })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw fault('invalid_input', { say: '--input must be a JSON object, like {"limit": 3}.' })
  return membersOf(value)
}
