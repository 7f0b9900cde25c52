// Input and output against the operation's own schemas. Nothing of a schema library's wording reaches the wire
// unless it names the field and what is wrong with it.
import { z } from 'zod'
import { fault, type FieldIssue } from '../platform/faults.ts'
import type { Operation } from './operation.ts'

/** What one answer says at most: it must neither outgrow the question nor cost more than it to write. */
const ISSUES_SAID = 8

/** The arguments an operation (or whatever else has a schema) runs with, or `invalid_input` naming each bad field. */
export function parseInput(operation: Pick<Operation, 'input'>, raw: unknown): Record<string, unknown> {
  const parsed = operation.input.safeParse(raw ?? {})
  if (parsed.success) return parsed.data
  const single = parsed.error.issues.flatMap(oneByOne)
  const described = single.slice(0, ISSUES_SAID).map(issue => describe(issue, raw, operation))
  const issues = [...new Map(described.map(issue => [issue.message, issue])).values()]
  const more = single.length > ISSUES_SAID ? [`and ${single.length - ISSUES_SAID} more`] : []
  throw fault('invalid_input', { issues, say: [...issues.map(issue => issue.message), ...more].join('; ') })
}

/** What leaves: exactly the declared fields. An operation that breaks its own schema is our fault. */
export function checkOutput(operation: Operation, result: unknown): Record<string, unknown> {
  const parsed = operation.output.safeParse(result)
  if (parsed.success) return parsed.data
  throw fault('internal', {
    detail: `${operation.name} broke its output schema: ${z.prettifyError(parsed.error)}`,
  })
}

/** An issue about several unknown keys, as one for each. */
function oneByOne(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  return issue.code === 'unrecognized_keys' ? issue.keys.map(key => ({ ...issue, keys: [key] })) : [issue]
}

function describe(issue: z.core.$ZodIssue, raw: unknown, operation: Pick<Operation, 'input'>): FieldIssue {
  const field = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    const key = clip([field, ...issue.keys].filter(part => part !== '').join('.'))
    const known = Object.keys(declared(operation, issue.path).properties ?? {}).join(', ')
    return { field: key, message: `unknown argument "${key}"; known: ${known || 'none'}` }
  }
  const value = valueAt(raw, issue.path)
  if (value === undefined)
    return { field, message: field === '' ? 'arguments must be an object' : `${field} is required` }
  if (issue.code === 'too_small' || issue.code === 'too_big')
    return { field, message: outOfBounds(operation, issue, value) }
  const got = typeof value === 'object' ? '' : `, got ${quoted(value)}`
  return { field, message: `${field || 'arguments'}: ${lowerFirst(issue.message)}${got}` }
}

/** What a sentence about a field needs of its JSON schema. */
interface Declared {
  readonly properties?: Readonly<Record<string, Declared>>
  readonly items?: Declared
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
}

function declared(operation: Pick<Operation, 'input'>, path: readonly PropertyKey[]): Declared {
  const root = z.toJSONSchema(operation.input, { io: 'input' }) as Declared
  return path.reduce<Declared>(
    (at, key) => (typeof key === 'number' ? at.items : at.properties?.[String(key)]) ?? {},
    root,
  )
}

function outOfBounds(
  operation: Pick<Operation, 'input'>,
  issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
  value: unknown,
): string {
  const field = issue.path.map(String).join('.')
  if (typeof value === 'number')
    return `${field} must be ${bounds(declared(operation, issue.path))}, got ${value}`
  const size = typeof value === 'string' || Array.isArray(value) ? value.length : 0
  const limit =
    issue.code === 'too_small' ? `at least ${String(issue.minimum)}` : `at most ${String(issue.maximum)}`
  if (issue.code === 'too_small' && size === 0) return `${field} must not be empty`
  return `${field} must have ${limit} ${typeof value === 'string' ? 'characters' : 'entries'}, got ${size}`
}

/** Both bounds in one sentence: who hits one wants to know the other. */
function bounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Declared): string {
  // The ends of the safe integers stand in every integer's schema and tell nobody anything.
  const lowest = minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum
  const highest = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum
  if (lowest !== undefined && highest !== undefined) return `between ${lowest} and ${highest}`
  const ends = [
    ...(exclusiveMinimum === undefined ? [] : [`more than ${exclusiveMinimum}`]),
    ...(lowest === undefined ? [] : [`at least ${lowest}`]),
    ...(exclusiveMaximum === undefined ? [] : [`less than ${exclusiveMaximum}`]),
    ...(highest === undefined ? [] : [`at most ${highest}`]),
  ]
  return ends.join(' and ') || 'smaller'
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => {
    const isContainer = typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    return isContainer ? (value as Record<PropertyKey, unknown>)[key] : undefined
  }, raw)
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? `"${clip(value)}"` : String(value)
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
