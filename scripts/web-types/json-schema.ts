// The part of JSON Schema that the operations' schemas are written in.

export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: JsonSchema | boolean
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly description?: string
  readonly default?: unknown
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, JsonSchema>>
}

/** The keywords that would change a type and that nothing here writes: to meet one is an error, never a guess. */
const UNWRITTEN = ['allOf', 'not', 'prefixItems', 'patternProperties', 'if']

export function requireWritten(schema: JsonSchema): void {
  const found = UNWRITTEN.find(keyword => keyword in schema)
  if (found !== undefined) throw new Error(`scripts/web-types.ts writes no type for the keyword ${found}`)
}

/** What a `$ref` of `root` points to: only `#/$defs/…` is ever generated. */
export function definition(root: JsonSchema, ref: string): JsonSchema {
  const found = root.$defs?.[ref.replace('#/$defs/', '')]
  if (found === undefined) throw new Error(`there is no definition ${ref}`)
  return found
}
