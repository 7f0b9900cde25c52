// How statements are written: Kysely builders for short ones, the `sql` tag where a builder would hide the
// SQL, and plain `.sql` files for anything over ten lines. All compile to text and bound values.
import { createHash } from 'node:crypto'
import {
  CompiledQuery,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
} from 'kysely'
import { siblingText } from '../sibling-file.ts'
import type { Statement } from './database.ts'
import type { WireStatement } from './engine/engine.ts'
import { toWire } from './engine/value-types.ts'

export { sql }

const compiler = new Kysely<never>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: db => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

/** A builder over the given tables of schema `app`. It compiles; it cannot execute. */
export function tables<Tables>(): Kysely<Tables> {
  return compiler.withSchema('app') as unknown as Kysely<Tables>
}

/** A comment, a text, a quoted name, or (captured) a parameter, which is none in the other three, nor in `a::b` or `[1:n]`. */
const TOKEN = /--.*|'(?:[^']|'')*'|"[^"]*"|(?<![:\w\])]):([a-z_][a-z0-9_]*)/g

/**
 * Reads a statement from a `.sql` file beside the module, once. In the file a parameter is `:name`, so that
 * psql runs it as it is (`\set name …`); the returned function binds the values.
 */
export function sqlFile<Parameters extends Record<string, unknown>, Row>(
  moduleUrl: string,
  name: string,
): (parameters: Parameters) => CompiledQuery<Row> {
  const template = templateOf(name, siblingText(moduleUrl, name))
  return parameters => bound(template, parameters)
}

/** A line that ends so stands only in statements that have the part of that name. */
const OPTIONAL = /^(.*)--\? *([a-z_]+) *$/

/**
 * A statement of several files in a row, with optional lines: `… --? name` is in the text where `name` is among the
 * parts. What a call does not need is not planned: planning is most of what a small tenant's search costs.
 */
export function sqlFiles<Parameters extends Record<string, unknown>, Row>(
  moduleUrl: string,
  ...names: readonly string[]
): (parameters: Parameters, parts: readonly string[]) => CompiledQuery<Row> {
  const lines = names.map(name => siblingText(moduleUrl, name)).flatMap(text => text.split('\n'))
  const templates = new Map<string, Template>()
  const made = (parts: readonly string[]): Template => {
    const kept = lines.flatMap(line => {
      const [, text, part] = OPTIONAL.exec(line) ?? [undefined, line, undefined]
      return part === undefined || parts.includes(part) ? [text ?? line] : []
    })
    return templateOf(names.join('+'), kept.join('\n'))
  }
  return (parameters, parts) => {
    const key = parts.join()
    const template = templates.get(key) ?? made(parts)
    templates.set(key, template)
    return bound(template, parameters)
  }
}

interface Template {
  readonly name: string
  readonly text: string
  /** The parameter of $1, $2, … */
  readonly order: readonly string[]
}

function templateOf(name: string, source: string): Template {
  const order: string[] = []
  const text = source
    .replace(TOKEN, (token: string, parameter: string | undefined) => {
      if (parameter === undefined) return token.startsWith('--') ? '' : token
      if (!order.includes(parameter)) order.push(parameter)
      return `$${order.indexOf(parameter) + 1}`
    })
    .trim()
  return { name, text, order }
}

function bound<Row>(
  { name, text, order }: Template,
  parameters: Record<string, unknown>,
): CompiledQuery<Row> {
  const values = order.map(parameter => {
    if (!(parameter in parameters)) throw new Error(`${name}: no value for :${parameter}`)
    return parameters[parameter]
  })
  return CompiledQuery.raw(text, values)
}

/** A statement whose text a library has made, with its values (pg-boss, for jobs sent inside our transactions). */
export function statementOf<Row>(text: string, values: readonly unknown[]): CompiledQuery<Row> {
  return CompiledQuery.raw(text, [...values])
}

/** What each text that is kept is called: a name stands for one text, whatever becomes of a statement. */
const names = new Map<string, string>()

/**
 * Has the engine keep the statement's text parsed on each connection, where it can: of a search's statements a tenth to
 * a quarter of the time. For the few texts that most calls share, since each takes memory on every connection.
 */
export function kept<Row>(statement: CompiledQuery<Row>): CompiledQuery<Row> {
  const { sql: text } = statement
  if (!names.has(text))
    names.set(text, `kept_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`)
  return statement
}

/** A statement as it travels. */
export function onWire(statement: Statement): WireStatement {
  const { sql: text, parameters } = 'compile' in statement ? statement.compile(compiler) : statement
  const values = parameters.map(toWire)
  const name = names.get(text)
  return name === undefined ? { text, values } : { text, values, name }
}
