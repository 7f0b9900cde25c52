// The fields of a workflow's form, from the JSON Schema of what it takes, and the input they make. Pure.

export interface InputField {
  readonly name: string
  readonly label: string
  readonly kind: 'text' | 'number' | 'flag' | 'choice' | 'json'
  readonly hint: string | undefined
  readonly isRequired: boolean
  /** As it stands in the form before anybody typed. */
  readonly initial: string
  readonly choices: readonly string[]
  readonly least: number | undefined
  readonly most: number | undefined
  readonly isWhole: boolean
}

type Schema = Readonly<Record<string, unknown>>

/** Without those that the page has places of its own for. */
export function inputFields(schema: Schema, without: readonly string[]): InputField[] {
  const required = listOf(schema['required'])
  return Object.entries(membersOf(schema['properties']))
    .filter(([name]) => !without.includes(name))
    .map(([name, given]) => fieldOf(name, membersOf(given), required.includes(name)))
}

export function hasField(schema: Schema, name: string): boolean {
  return name in membersOf(schema['properties'])
}

function fieldOf(name: string, schema: Schema, isRequired: boolean): InputField {
  const choices = listOf(schema['enum']).filter(one => typeof one === 'string')
  const initial = schema['default']
  return {
    name,
    label: labelOf(name),
    kind: kindOf(schema, choices),
    hint: typeof schema['description'] === 'string' ? schema['description'] : undefined,
    isRequired: isRequired && initial === undefined,
    initial: initial === undefined ? '' : typeof initial === 'string' ? initial : JSON.stringify(initial),
    choices,
    least: numberOf(schema['minimum']),
    most: numberOf(schema['maximum']),
    isWhole: schema['type'] === 'integer',
  }
}

function kindOf({ type }: Schema, choices: readonly string[]): InputField['kind'] {
  if (choices.length > 0) return 'choice'
  if (type === 'boolean') return 'flag'
  if (type === 'integer' || type === 'number') return 'number'
  return type === 'string' ? 'text' : 'json'
}

/** What is left empty, or as it stood, is left out: the workflow's own default holds. */
export function inputOf(
  fields: readonly InputField[],
  values: Readonly<Record<string, string>>,
): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap(({ name, kind, initial }) => {
      const given = values[name] ?? initial
      return given === '' || given === initial ? [] : [[name, valueOf(kind, given)]]
    }),
  )
}

/** What cannot be read goes as it is: the server says what is wrong with it. */
function valueOf(kind: InputField['kind'], given: string): unknown {
  if (kind === 'flag') return given === 'true'
  if (kind === 'number') return Number.isNaN(Number(given)) ? given : Number(given)
  if (kind !== 'json') return given
  try {
    return JSON.parse(given) as unknown
  } catch {
    return given
  }
}

function labelOf(name: string): string {
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function membersOf(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : {}
}

function listOf(value: unknown): string[] {
  return (Array.isArray(value) ? (value as unknown[]) : []).filter(one => typeof one === 'string')
}

function numberOf(value: unknown): number | undefined {
  // zod writes the largest safe whole number where there is no bound.
  return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined
}
