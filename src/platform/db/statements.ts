// How statements are written: Kysely builders for short ones, the `sql` tag where a builder would hide the
// SQL, and plain `.sql` files for anything over ten lines. All compile to text and bound values.
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
  const order: string[] = []
  const text = siblingText(moduleUrl, name)
    .replace(TOKEN, (token: string, parameter: string | undefined) => {
      if (parameter === undefined) return token.startsWith('--') ? '' : token
      if (!order.includes(parameter)) order.push(parameter)
      return `$${order.indexOf(parameter) + 1}`
    })
    .trim()
  return parameters => {
    const values = order.map(parameter => {
      if (!(parameter in parameters)) throw new Error(`${name}: no value for :${parameter}`)
      return parameters[parameter]
    })
    return CompiledQuery.raw(text, values)
  }
}

/** A statement whose text a library has made, with its values (pg-boss, for jobs sent inside our transactions). */
export function statementOf<Row>(text: string, values: readonly unknown[]): CompiledQuery<Row> {
  return CompiledQuery.raw(text, [...values])
}

/** A statement as it travels. */
export function onWire(statement: Statement): WireStatement {
  const { sql: text, parameters } = 'compile' in statement ? statement.compile(compiler) : statement
  return { text, values: parameters.map(toWire) }
}
