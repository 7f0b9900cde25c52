// How long a body an operation may be sent at most, from its own input schema: a route that takes an id does not
// read megabytes to find that out.
import { z } from 'zod'
import type { Operation } from '../../gate/operation.ts'
import { BODY_LIMIT } from '../http/server.ts'

/** Indentation, and room for a mistake to be named instead of cut off. */
const SLACK = 16_384
/** A character may be written as an escape: \uXXXX. */
const BYTES_PER_CHARACTER = 6
const NUMBER_BYTES = 32

interface Schema {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly format?: string
  readonly maxLength?: number
  readonly maxItems?: number
}

/** In bytes; what the schema does not bound gets the limit of the server. */
export function largestBody({ input }: Operation): number {
  const schema = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as Schema
  return Math.min(BODY_LIMIT, SLACK + Math.ceil(bytesOf(schema)))
}

function bytesOf(schema: Schema): number {
  if (schema.enum !== undefined) return Math.max(...schema.enum.map(value => JSON.stringify(value).length))
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return Math.max(...choices.map(bytesOf))
  switch (schema.type) {
    case 'object':
      return objectBytes(schema)
    case 'array':
      return schema.items === undefined
        ? Infinity
        : (schema.maxItems ?? Infinity) * (bytesOf(schema.items) + 1)
    case 'string':
      return (schema.maxLength ?? lengthOfFormat(schema.format)) * BYTES_PER_CHARACTER + 2
    case 'number':
    case 'integer':
    case 'boolean':
    case 'null':
      return NUMBER_BYTES
    default:
      return Infinity
  }
}

function objectBytes({ properties = {}, additionalProperties }: Schema): number {
  if (additionalProperties !== false) return Infinity
  return Object.entries(properties).reduce(
    (sum, [name, schema]) => sum + name.length * BYTES_PER_CHARACTER + 4 + bytesOf(schema),
    2,
  )
}

function lengthOfFormat(format: string | undefined): number {
  return format === 'uuid' || format === 'date-time' ? 64 : Infinity
}
