// Reads a JSON body that a stranger wrote: valid UTF-8, 64 levels and 10,000 keys at most, no key twice in an object,
// none that could reach a prototype. JSON.parse alone takes a million levels (and a stringify or a jsonb of it fails
// much later) and of two equal keys the last, where a proxy in front may have looked at the first.
import { isUtf8 } from 'node:buffer'
import { fault, type Fault } from '../../../platform/faults.ts'
import { MAX_DEPTH, MAX_KEYS, scanJson, type JsonProblem } from './json-scan.ts'

/** The value, or `invalid_input` with the reason `malformed_json` or one of `JsonProblem`. */
export function parseJsonBody(bytes: Buffer): unknown {
  const problem = scanJson(bytes)
  if (problem !== undefined) throw refused(problem)
  const value = isUtf8(bytes) ? parsed(bytes.toString('utf8')) : undefined
  if (value !== undefined) return value
  throw fault('invalid_input', { reason: 'malformed_json', say: 'The body is not valid JSON.' })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function refused(problem: JsonProblem): Fault {
  return fault('invalid_input', { reason: problem.reason, say: sentence(problem) })
}

function sentence(problem: JsonProblem): string {
  switch (problem.reason) {
    case 'nested_too_deep':
      return `The body is nested more than ${MAX_DEPTH} levels deep.`
    case 'too_many_keys':
      return `The body has more than ${MAX_KEYS} keys.`
    case 'duplicate_key':
      return `The body names the key "${problem.key.slice(0, 60)}" twice in one object.`
    case 'forbidden_key':
      return `The body has a key that is not accepted: ${problem.key}.`
  }
}
