// Everything a tenant can call, whichever way, with the schema of its input; and inputs in which a chosen id stands
// wherever an id is asked for.
import type { Ground } from '../ground/ground.ts'
import type { Json } from '../ground/mcp.ts'
import { apiOperations } from '../ground/routes.ts'

export interface Called {
  /** What a caller can compare: the status, the body without the request id. */
  readonly compared: string
  readonly isDone: boolean
  /** It got as far as looking for the object. */
  readonly isJudged: boolean
}

export interface Callable {
  readonly name: string
  readonly schema: Json
  readonly isRead: boolean
  call(input: Json): Promise<Called>
}

/** As tenant A: the tools, and what the API offers. */
export async function callablesOf(ground: Ground): Promise<Callable[]> {
  const { mcp, api, a } = ground
  const tools = (await mcp.tools(a.token)).map(({ name, inputSchema, annotations }) => ({
    name: `tool ${name}`,
    schema: inputSchema,
    isRead: annotations?.readOnlyHint === true,
    call: async (input: Json) => {
      const { compared, output, isError, status } = await mcp.call(name, input, a.token)
      return { compared, isDone: status === 200 && !isError, isJudged: output['code'] !== 'invalid_input' }
    },
  }))
  if (a.apiToken === undefined) return tools
  const operations = (await apiOperations(ground)).map(({ name, input: schema, isRead }) => ({
    name: `api ${name}`,
    schema,
    isRead,
    call: async (input: Json) => {
      const { status, compared } = await api(name, input, a.apiToken)
      return { compared, isDone: status === 200, isJudged: ![400, 403].includes(status) }
    },
  }))
  return [...tools, ...operations]
}

/** An answer that made something holds ids, times and perhaps a key, which are new each time. */
export function withoutChance(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/[\w-]{24,}/g, '<opaque>')
}

/** Where a schema asks for an id: paths of properties, an index in lists. */
export function idPlaces(schema: Json, path: readonly string[] = []): string[][] {
  const here = path.at(-1) ?? ''
  if (schema['format'] === 'uuid' || (isText(schema) && /(^|_)id$|^(document|user|group|key)$/.test(here)))
    return [[...path]]
  const inner = Object.entries((schema['properties'] ?? {}) as Record<string, Json>)
  const items = schema['items'] as Json | undefined
  return [
    ...inner.flatMap(([name, property]) => idPlaces(property, [...path, name])),
    ...(items === undefined ? [] : idPlaces(items, [...path, '0'])),
    ...['anyOf', 'oneOf'].flatMap(key => ((schema[key] ?? []) as Json[]).flatMap(one => idPlaces(one, path))),
  ]
}

function isText({ type }: Json): boolean {
  return type === 'string' || (Array.isArray(type) && type.includes('string'))
}

/** The least input that the schema takes, with `id` at `place` and wherever else an id is required. */
export function inputWith(schema: Json, place: readonly string[], id: string): unknown {
  const [step, ...rest] = place
  if (step === undefined) return id
  if (schema['type'] === 'array') return [inputWith((schema['items'] ?? {}) as Json, rest, id)]
  const variants = (schema['anyOf'] ?? schema['oneOf']) as Json[] | undefined
  const variant = variants?.find(one => idPlaces(one).some(found => found.join() === place.join()))
  if (variant !== undefined) return inputWith(variant, place, id)
  const properties = (schema['properties'] ?? {}) as Record<string, Json>
  const required = ((schema['required'] ?? []) as string[]).filter(name => name !== step)
  return {
    ...Object.fromEntries(required.map(name => [name, least(properties[name] ?? {}, name, id)])),
    [step]: inputWith(properties[step] ?? {}, rest, id),
  }
}

function least(schema: Json, name: string, id: string): unknown {
  if (schema['const'] !== undefined) return schema['const']
  if (schema['default'] !== undefined) return schema['default']
  const [first] = (schema['enum'] ?? []) as unknown[]
  if (first !== undefined) return first
  if (idPlaces(schema, [name]).some(place => place.length === 1)) return id
  const [variant] = (schema['anyOf'] ?? schema['oneOf'] ?? []) as Json[]
  if (variant !== undefined) return least(variant, name, id)
  switch (schema['type']) {
    case 'array':
      return Array.from({ length: Number(schema['minItems'] ?? 0) }, () =>
        least((schema['items'] ?? {}) as Json, name, id),
      )
    case 'object': {
      const properties = (schema['properties'] ?? {}) as Record<string, Json>
      const required = (schema['required'] ?? []) as string[]
      return Object.fromEntries(required.map(one => [one, least(properties[one] ?? {}, one, id)]))
    }
    case 'integer':
    case 'number':
      return schema['minimum'] ?? 1
    case 'boolean':
      return false
    default:
      return 'heron'.slice(0, Number(schema['maxLength'] ?? 5)).padEnd(Number(schema['minLength'] ?? 0), 'x')
  }
}
