// One JSON Schema as a TypeScript type: readonly throughout, with the fields' descriptions, or bare, for comparing shapes.
import { definition, requireWritten, type JsonSchema } from './json-schema.ts'

/** Where a schema stands: names are made of it. */
export interface Place {
  readonly operation: string
  readonly io: 'input' | 'output'
  /** The fields on the way to it; `[]` for an element of an array, `|kind` for a choice, `{}` for a record's values. */
  readonly path: readonly string[]
}

export interface Writing {
  readonly root: JsonSchema
  /** With JSDoc of the fields. */
  readonly docs: boolean
  /** The name to write instead of the shape; undefined to write the shape out. */
  readonly nameOf: (schema: JsonSchema, place: Place, root: JsonSchema) => string | undefined
  /** The definitions that are being written: one that holds itself is met again. */
  readonly within: readonly string[]
}

export function writeType(schema: JsonSchema, place: Place, writing: Writing): string {
  return writing.nameOf(schema, place, writing.root) ?? writeShape(schema, place, writing)
}

export function writeShape(schema: JsonSchema, place: Place, writing: Writing): string {
  requireWritten(schema)
  if (schema.$ref !== undefined) return writeReference(schema.$ref, place, writing)
  if ('const' in schema) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return union(schema.enum.map(value => JSON.stringify(value)))
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) {
    return union(choices.map(choice => writeType(choice, inside(place, `|${kindOf(choice)}`), writing)))
  }
  const { type } = schema
  if (type === undefined) return 'unknown'
  if (typeof type !== 'string')
    return union(type.map(one => writeShape({ ...schema, type: one }, place, writing)))
  return writeOfType(type, schema, { place, writing })
}

interface Context {
  readonly place: Place
  readonly writing: Writing
}

function writeOfType(type: string, schema: JsonSchema, { place, writing }: Context): string {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return type
    case 'integer':
    case 'number':
      return 'number'
    case 'array':
      return `readonly (${writeType(schema.items ?? {}, inside(place, '[]'), writing)})[]`
    case 'object':
      return writeObject(schema, place, writing)
    default:
      throw new Error(`scripts/web-types.ts writes no type for ${type}`)
  }
}

/** What tells a choice from the others: the first of its fields that can have one value only. */
function kindOf({ properties = {} }: JsonSchema): string {
  const kinds = Object.values(properties).map(field => field.const)
  return kinds.find(kind => typeof kind === 'string') ?? ''
}

/** A shape that holds itself can only be written by a name: bare, it is told by the mark that stands for itself. */
function writeReference(ref: string, place: Place, writing: Writing): string {
  if (writing.within.includes(ref)) return 'Itself'
  const inner = { ...writing, within: [...writing.within, ref] }
  return writeType(definition(writing.root, ref), place, inner)
}

function writeObject(schema: JsonSchema, place: Place, writing: Writing): string {
  const { properties = {}, required = [], additionalProperties } = schema
  const fields = Object.entries(properties)
  if (fields.length === 0 && additionalProperties !== false) {
    const values = typeof additionalProperties === 'object' ? additionalProperties : {}
    // Not a Record: a type may hold itself below an index, but not as an argument of another.
    return `{ readonly [key: string]: ${writeType(values, inside(place, '{}'), writing)} }`
  }
  if (fields.length === 0) return 'Readonly<Record<string, never>>'
  const lines = fields.map(([name, field]) => {
    const isRequired = required.includes(name)
    const type = writeType(field, inside(place, name), writing)
    // What is undefined is left out of JSON: a caller may say so either way.
    const absent = !isRequired && place.io === 'input' ? ' | undefined' : ''
    const key = /^[a-z_]\w*$/i.test(name) ? name : JSON.stringify(name)
    return `${writing.docs ? fieldDoc(field) : ''}readonly ${key}${isRequired ? '' : '?'}: ${type}${absent};`
  })
  return `{\n${lines.join('\n')}\n}`
}

function fieldDoc({ description, default: fallback }: JsonSchema): string {
  const words = [
    ...(description === undefined ? [] : [description]),
    ...(fallback === undefined ? [] : [`Default: ${JSON.stringify(fallback)}.`]),
  ]
  return words.length === 0 ? '' : `${jsDoc(words.join(' '))}\n`
}

/** On one line; no text of a description can end the comment. */
export function jsDoc(text: string): string {
  return `/** ${text.replaceAll(/\s+/g, ' ').replaceAll('*/', '* /')} */`
}

function union(types: readonly string[]): string {
  return [...new Set(types)].join(' | ')
}

function inside(place: Place, field: string): Place {
  return { ...place, path: [...place.path, field] }
}
