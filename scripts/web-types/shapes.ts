// The shapes that get a name: those that stand in several places, the elements of answered lists, and those that are given
// one. A name is the given one, or that of the field where the shape stands first.
import type { JsonSchema } from './json-schema.ts'
import { writeShape, writeType, type Place } from './write-type.ts'

/** A schema of the catalog, whole. */
export interface Described {
  readonly schema: JsonSchema
  readonly place: Place
}

export interface Shape {
  readonly schema: JsonSchema
  readonly root: JsonSchema
  readonly place: Place
}

/** The bare text of the shape; two schemas of one text are one shape. */
export type ShapeText = string

interface Counted extends Shape {
  readonly spots: string[]
  isElement: boolean
}

/** The named shapes by their text, in the order in which they are met. */
export function namedShapes(
  described: readonly Described[],
  ownNames: Readonly<Record<string, string>>,
): Map<ShapeText, Shape & { readonly name: string }> {
  const counted = countShapes(described)
  const taken = new Set(RESERVED)
  const unused = new Set(Object.keys(ownNames))
  const named = new Map<ShapeText, Shape & { readonly name: string }>()
  for (const [text, { schema, root, place, spots, isElement }] of counted) {
    const spot = spots.find(one => ownNames[one] !== undefined) ?? ''
    if (spots.length < 2 && !isElement && spot === '') continue
    const name = ownNames[spot] ?? freeName(place, taken)
    if (taken.has(name))
      throw new Error(`two shapes would be called ${name}; the second is at ${spotOf(place)}`)
    unused.delete(spot)
    taken.add(name)
    named.set(text, { schema, root, place, name })
  }
  if (unused.size > 0) throw new Error(`no shape stands at ${[...unused].join(', ')}: correct its name`)
  return named
}

/** `list_documents.output.documents[]` */
export function spotOf({ operation, io, path }: Place): string {
  return [operation, io, ...path]
    .join('.')
    .replaceAll('.[]', '[]')
    .replaceAll('.{}', '{}')
    .replaceAll('.|', '|')
}

export function shapeText(schema: JsonSchema, place: Place, root: JsonSchema): ShapeText {
  return writeShape(schema, place, { root, docs: false, nameOf: () => undefined, within: [] })
}

function countShapes(described: readonly Described[]): Map<ShapeText, Counted> {
  const counted = new Map<ShapeText, Counted>()
  const count = (schema: JsonSchema, place: Place, root: JsonSchema): undefined => {
    if (place.path.length === 0 || !isNameable(schema)) return
    const text = shapeText(schema, place, root)
    const known = counted.get(text) ?? { schema, root, place, spots: [], isElement: false }
    known.spots.push(spotOf(place))
    known.isElement ||= place.path.at(-1) === '[]' && place.io === 'output' && isObject(schema)
    counted.set(text, known)
  }
  for (const { schema, place } of described) {
    writeType(schema, place, { root: schema, docs: false, nameOf: count, within: [] })
  }
  return counted
}

/** What the file itself exports. */
const RESERVED = ['Operations', 'OperationName', 'Problem', 'Itself']

const SMALL = 3

/** Objects, choices of objects, and lists of words that nobody would write twice. */
function isNameable(schema: JsonSchema): boolean {
  if (schema.$ref !== undefined) return true
  return isObject(schema) || (schema.enum?.length ?? 0) >= SMALL
}

function isObject({ properties = {}, anyOf, oneOf }: JsonSchema): boolean {
  const choices = anyOf ?? oneOf ?? []
  return Object.keys(properties).length > 1 || (choices.length > 1 && choices.every(isObject))
}

function freeName(place: Place, taken: ReadonlySet<string>): string {
  const fields = place.path.filter(field => field !== '{}' && field !== '|')
  const own = pascal(singular(fields))
  const longer = [
    own,
    pascal([...fields.slice(0, -2).filter(isWord).slice(-1), own].join('_')),
    pascal(`${place.operation}_${own}`),
    pascal(`${place.operation}_${place.io}_${own}`),
  ]
  const name = longer.find(candidate => !taken.has(candidate) && !BROWSER_NAMES.has(candidate))
  if (name === undefined) throw new Error(`give the shape at ${spotOf(place)} a name`)
  return name
}

function isWord(field: string): boolean {
  return /^\w+$/.test(field)
}

/** A page that forgets to import one of these would get the browser's type, and no error. */
const BROWSER_NAMES = new Set([
  'Document',
  'Event',
  'Text',
  'Range',
  'Node',
  'Element',
  'File',
  'Account',
  'Key',
])

function singular(fields: readonly string[]): string {
  const last = fields.at(-1) ?? ''
  if (last.startsWith('|')) return `${last.slice(1)}_${singular(fields.slice(0, -1))}`
  if (last !== '[]') return last
  return singular(fields.slice(0, -1))
    .replace(/ies$/, 'y')
    .replace(/(?<=[^s])s$/, '')
}

function pascal(words: string): string {
  return words
    .split('_')
    .map(word => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}
