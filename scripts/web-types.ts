// web/src/api/operations.gen.ts: what the page may send to /api and gets back, as types, made from the operations' own
// schemas. `npm run format` writes it, `npm run check` fails when it is stale.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { Operation } from '../src/gate/operation.ts'
import { problemSchema } from '../src/protocols/api/openapi/problem-responses.ts'
import { describedCatalog } from './web-types/described-catalog.ts'
import type { JsonSchema } from './web-types/json-schema.ts'
import { OWN_NAMES } from './web-types/own-names.ts'
import { namedShapes, shapeText, type Described } from './web-types/shapes.ts'
import { jsDoc, writeShape, writeType, type Place, type Writing } from './web-types/write-type.ts'

const FILE = 'web/src/api/operations.gen.ts'

export function writeWebTypes(root: string): void {
  const path = join(root, FILE)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, formatted(root, operationTypes(describedCatalog())))
}

export function checkWebTypes(root: string): string[] {
  const path = join(root, FILE)
  const there = existsSync(path) ? readFileSync(path, 'utf8') : ''
  return there === formatted(root, operationTypes(describedCatalog()))
    ? []
    : [`${FILE} is stale: run npm run format`]
}

/** The text of the file, before it is formatted. */
export function operationTypes(catalog: readonly Operation[], names = OWN_NAMES): string {
  const described = catalog.flatMap(operation => [
    ofOperation(operation, 'input'),
    ofOperation(operation, 'output'),
  ])
  const problem = { schema: problemSchema as JsonSchema, place: placeOf('problem', 'output') }
  const named = namedShapes([...described, problem], names)
  const nameOf: Writing['nameOf'] = (schema, place, root) =>
    place.path.length === 0 ? undefined : named.get(shapeText(schema, place, root))?.name
  const written = ({ schema, place }: Described): string =>
    writeType(schema, place, { root: schema, docs: true, nameOf, within: [] })
  const shapes = [...named.values()].map(
    ({ name, schema, root, place }) =>
      `export type ${name} = ${writeShape(schema, place, { root, docs: true, nameOf: nameInside(nameOf, schema), within: [] }).replaceAll('Itself', name)}`,
  )
  const entries = catalog.map(
    operation =>
      `${operationDoc(operation)}\nreadonly ${operation.name}: { readonly input: ${written(ofOperation(operation, 'input'))}; readonly output: ${written(ofOperation(operation, 'output'))} };`,
  )
  return [
    '// What every operation of /api takes and answers. Generated from their schemas by npm run format; not to be edited.',
    `export interface Operations {\n${entries.join('\n')}\n}`,
    'export type OperationName = keyof Operations',
    `${jsDoc('A refusal: RFC 9457. Programs go by code and reason.')}\nexport type Problem = ${written(problem)}`,
    ...shapes,
    scopesConstant(catalog),
    '',
  ].join('\n\n')
}

/** A shape's own place is where its name is explained, so there it is written out. */
function nameInside(nameOf: Writing['nameOf'], own: JsonSchema): Writing['nameOf'] {
  return (schema, place, root) => (schema === own ? undefined : nameOf(schema, place, root))
}

function scopesConstant(catalog: readonly Operation[]): string {
  const lines = catalog.flatMap(operation =>
    operation.realm === 'tenant' ? [`${operation.name}: '${operation.scope}',`] : [],
  )
  const says = jsDoc(
    'The scope that each operation of a tenant asks for: what the session has not is not offered.',
  )
  return `${says}\nexport const OPERATION_SCOPES = {\n${lines.join('\n')}\n} as const satisfies Partial<Record<OperationName, string>>`
}

function operationDoc({ title, description }: Operation): string {
  return jsDoc(`${title}. ${description}`)
}

function ofOperation(operation: Operation, io: 'input' | 'output'): Described {
  const schema = z.toJSONSchema(operation[io], { io }) as JsonSchema
  return { schema, place: placeOf(operation.name, io) }
}

function placeOf(operation: string, io: 'input' | 'output'): Place {
  return { operation, io, path: [] }
}

/** As the page's other sources are formatted, wherever its file is kept. */
function formatted(root: string, text: string): string {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
  const run = spawnSync(process.execPath, [biome, 'format', '--stdin-file-path=scripts/operations.gen.ts'], {
    cwd: root,
    input: text,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (run.status !== 0) throw new Error(`biome could not format ${FILE}: ${run.stderr}`)
  return run.stdout
}
