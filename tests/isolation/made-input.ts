// Inputs made from an operation's own schema: the least that it takes, with a chosen id wherever it asks for one. So
// that a new operation is swept from birth, without anybody telling how to call it.
import { z } from 'zod'
import type { Operation } from '../../src/gate/operation.ts'

interface Schema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minItems?: number
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly minimum?: number
}

/** A field that names one thing of the tenant's. A tenant itself is named by operators only. */
const IDENTIFYING = /(^|_)ids?$|^(document|user|users|group|groups|invitation|key|member)$/

/** The fields of an operation's input that name something, however deep; each as the path to it. */
export function idFieldsOf({ input }: Operation): string[][] {
  return found(schemaOf(input), [])
}

function found(schema: Schema, path: readonly string[]): string[][] {
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    IDENTIFYING.test(name) && isText(property) ? [[...path, name]] : found(property, [...path, name]),
  )
  return [...inner, ...(schema.anyOf ?? schema.oneOf ?? []).flatMap(choice => found(choice, path))]
}

/** A string, a list of strings, or one of either. */
function isText(schema: Schema): boolean {
  if (schema.type === 'array') return isText(schema.items ?? {})
  return schema.type === 'string' || (schema.anyOf ?? []).some(isText)
}

/** The least input that is valid, with `id` in that field. */
export function inputWith(
  { name, input }: Operation,
  path: readonly string[],
  id: string,
): Record<string, unknown> {
  const schema = schemaOf(input)
  const least = made(schema, path, id) as Record<string, unknown>
  // The member of a budget is one of whatever its scope says; the whole tenant has none.
  if (path[0] === 'member' && least['scope'] === 'tenant') least['scope'] = 'user'
  // A change of nothing is refused: the first thing that can be changed is.
  const change = Object.entries(schema.properties ?? {}).find(
    ([field, { type, anyOf = [] }]) =>
      !Object.hasOwn(least, field) &&
      !IDENTIFYING.test(field) &&
      (type === 'string' || (name.startsWith('set_') && anyOf.some(one => one.type === 'string'))),
  )
  if (/^(update|set)_/.test(name) && change !== undefined)
    return { ...least, [change[0]]: made(change[1], [], id) }
  return asked(name, least)
}

/** What an agent is asked is in words, which no schema asks for: they may come in other fields too. */
function asked(name: string, least: Record<string, unknown>): Record<string, unknown> {
  if (name === 'start_task') return { question: 'What is asked?', ...least }
  if (name !== 'send_message') return least
  const message = least['message'] as Record<string, unknown>
  return { ...least, message: { ...message, parts: [{ text: 'What is asked?' }] } }
}

function made(schema: Schema, path: readonly string[], id: string): unknown {
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined)
    return made(choices.find(choice => leads(choice, path)) ?? choices[0] ?? {}, path, id)
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return schema.enum[0]
  const [next, ...rest] = path
  switch (schema.type) {
    case 'object': {
      const wanted = new Set([...(schema.required ?? []), ...(next === undefined ? [] : [next])])
      const members = Object.entries(schema.properties ?? {}).filter(([name]) => wanted.has(name))
      return Object.fromEntries(
        members.map(([name, property]) => {
          const isAsked = name === next
          return [
            name,
            isAsked && rest.length === 0
              ? identifying(property, id)
              : made(property, isAsked ? rest : [], id),
          ]
        }),
      )
    }
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => made(schema.items ?? {}, [], id))
    case 'string':
      return text(schema)
    case 'boolean':
      return false
    default:
      return schema.minimum === undefined || schema.minimum < 0 ? 0 : schema.minimum
  }
}

function leads(schema: Schema, [next]: readonly string[]): boolean {
  return next !== undefined && Object.hasOwn(schema.properties ?? {}, next)
}

function identifying(schema: Schema, id: string): unknown {
  const isList = schema.type === 'array' || (schema.anyOf ?? []).some(({ type }) => type === 'array')
  return isList ? [id] : id
}

function text({ format, pattern, minLength = 1 }: Schema): string {
  if (format === 'uuid') return '018f3e2a-0000-7000-8000-0000000000ff'
  if (format === 'date-time') return '2030-01-01T00:00:00Z'
  if (format === 'email') return 'somebody@example.test'
  // What must be a number of digits, like an amount of money.
  if (pattern !== undefined && !new RegExp(pattern, 'u').test('x'.repeat(8))) return '1'
  return 'x'.repeat(Math.max(minLength, 8))
}

function schemaOf(schema: z.ZodObject): Schema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema
}
