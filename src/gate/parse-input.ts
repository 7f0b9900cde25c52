// Input and output against the operation's own schemas. Nothing of a schema library's wording reaches the wire
// unless it names the field and what is wrong with it.
import { z } from 'zod'
import { fault, type FieldIssue } from '../platform/faults.ts'
import type { Operation } from './operation.ts'

/** The arguments an operation runs with, or `invalid_input` naming each bad field. */
export function parseInput(operation: Operation, raw: unknown): Record<string, unknown> {
  const parsed = operation.input.safeParse(raw ?? {})
  if (parsed.success) return parsed.data
  const described = parsed.error.issues.flatMap(issue => describe(issue, raw, operation))
  const issues = [...new Map(described.map(issue => [issue.message, issue])).values()]
  throw fault('invalid_input', { issues, say: issues.map(issue => issue.message).join('; ') })
}

/** What leaves: exactly the declared fields. An operation that breaks its own schema is our fault. */
export function checkOutput(operation: Operation, result: unknown): Record<string, unknown> {
  const parsed = operation.output.safeParse(result)
  if (parsed.success) return parsed.data
  throw fault('internal', {
    detail: `${operation.name} broke its output schema: ${z.prettifyError(parsed.error)}`,
  })
}

function describe(issue: z.core.$ZodIssue, raw: unknown, operation: Operation): FieldIssue[] {
  const field = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(operation.input.shape).join(', ')
    return issue.keys.map(key => ({
      field: clip(key),
      message: `unknown argument ${quoted(key)}; known: ${known || 'none'}`,
    }))
  }
  const value = valueAt(raw, issue.path)
  if (value === undefined)
    return [{ field, message: field === '' ? 'arguments must be an object' : `${field} is required` }]
  if (issue.code === 'too_small' || issue.code === 'too_big')
    return [{ field, message: bounds(operation, issue, value) }]
  const got = typeof value === 'object' ? '' : `, got ${quoted(value)}`
  return [{ field, message: `${field || 'arguments'}: ${lowerFirst(issue.message)}${got}` }]
}

/** Both bounds in one sentence: who hits one wants to know the other. */
function bounds(
  operation: Operation,
  issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
  value: unknown,
): string {
  const field = issue.path.map(String).join('.')
  const schema = z.toJSONSchema(operation.input) as {
    properties?: Record<string, { minimum?: number; maximum?: number }>
  }
  const declared = schema.properties?.[String(issue.path[0])] ?? {}
  if (typeof value === 'number') {
    return `${field} must be between ${declared.minimum ?? 'any'} and ${declared.maximum ?? 'any'}, got ${value}`
  }
  const size = typeof value === 'string' || Array.isArray(value) ? value.length : 0
  const limit =
    issue.code === 'too_small' ? `at least ${String(issue.minimum)}` : `at most ${String(issue.maximum)}`
  if (issue.code === 'too_small' && size === 0) return `${field} must not be empty`
  return `${field} must have ${limit} ${typeof value === 'string' ? 'characters' : 'entries'}, got ${size}`
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
