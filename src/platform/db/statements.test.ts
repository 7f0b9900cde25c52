import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { onWire, sql, sqlFile, sqlFiles, statementOf, tables } from './statements.ts'

const app = tables<{ document: { id: string; title: string; labels: string[]; version: bigint } }>()

describe('a statement on the wire', () => {
  test('of the sql tag: every value is bound, none is part of the text', () => {
    const hostile = `x'; set local role postgres; --`
    expect(onWire(sql`select ${hostile}, ${1n}, ${null}, ${true}`)).toStrictEqual({
      text: 'select $1, $2, $3, $4',
      values: [hostile, '1', null, 'true'],
    })
  })

  test('of a builder: tables are those of schema app, values are bound', () => {
    const statement = app
      .updateTable('document')
      .set({ title: `'`, labels: ['a"b', 'c\\d'] })
      .where('version', '=', 2n)
    expect(onWire(statement)).toStrictEqual({
      text: 'update "app"."document" set "title" = $1, "labels" = $2 where "version" = $3',
      values: [`'`, '{"a\\"b","c\\\\d"}', '2'],
    })
  })

  test('of a library: its values are copied, so that they do not change under way', () => {
    const values = ['a']
    const statement = statementOf('select $1', values)
    values[0] = 'b'
    expect(onWire(statement)).toStrictEqual({ text: 'select $1', values: ['a'] })
  })

  test('a builder compiles and cannot execute', async () => {
    await expect(app.selectFrom('document').selectAll().execute()).resolves.toStrictEqual([])
  })

  test.each<[string, unknown, string | null]>([
    ['null', null, null],
    ['undefined', undefined, null],
    ['a bigint', 9007199254740993n, '9007199254740993'],
    ['NaN', Number.NaN, 'NaN'],
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['bytes', new Uint8Array([0, 255]), '\\x00ff'],
    ['an object, as JSON', { a: [1, 'ü"'] }, '{"a":[1,"ü\\""]}'],
    ['an empty array', [], '{}'],
    [
      'a nested array',
      [
        [1, null],
        ['a,b', '"\\'],
      ],
      '{{"1",NULL},{"a,b","\\"\\\\"}}',
    ],
    ['an array of bytes', [new Uint8Array([1])], '{"\\\\x01"}'],
    ['an array that holds the word NULL', ['NULL', null], '{"NULL",NULL}'],
  ])('%s', (_, value, text) => {
    expect(onWire(sql`${value}`).values).toStrictEqual([text])
  })

  test('a date that is none is refused before it leaves', () => {
    expect(() => onWire(sql`${new Date('x')}`)).toThrow(RangeError)
  })
})

describe('a .sql file', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-sql-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const compiled = (text: string, parameters: Record<string, unknown>) => {
    writeFileSync(join(folder, 'statement.sql'), text)
    return onWire(sqlFile(pathToFileURL(join(folder, 'module.ts')).href, './statement.sql')(parameters))
  }

  test('binds each :name, the same one once, in the order of first use', () => {
    expect(compiled('select :b, :a, :b, :a_2', { a: 1, b: 2, a_2: 3 })).toStrictEqual({
      text: 'select $1, $2, $1, $3',
      values: ['2', '1', '3'],
    })
  })

  test('takes casts, slices, texts, quoted names and comments for what they are', () => {
    const text = `-- a comment with :one, and an apostrophe's quote
      select :a::text, x[1:n], x[f(1):n], ':no', 'it''s :no', ":no" -- trailing :no, it's over
      from t where a=:a and b<:b and '12:30' = '12:30'`
    expect(compiled(text, { a: 1, b: 2 })).toStrictEqual({
      text: `select $1::text, x[1:n], x[f(1):n], ':no', 'it''s :no', ":no" 
      from t where a=$1 and b<$2 and '12:30' = '12:30'`,
      values: ['1', '2'],
    })
  })

  test('without a value for a parameter is refused by its name; null is a value', () => {
    expect(() => compiled('select :a, :missing', { a: 1 })).toThrow('./statement.sql: no value for :missing')
    expect(compiled('select :a', { a: null }).values).toStrictEqual([null])
  })

  test('values that nobody asked for are left out', () => {
    expect(compiled('select 1', { a: 1 })).toStrictEqual({ text: 'select 1', values: [] })
  })
})

describe('a statement of several files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-statements-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const module = pathToFileURL(join(folder, 'module.ts')).href

  test('has its optional lines only where their part is asked for, and binds what is left', () => {
    writeFileSync(join(folder, 'head.sql'), 'select :a\n  , :b --? more\n')
    writeFileSync(join(folder, 'tail.sql'), 'from t -- of :all\nwhere x = :c --? narrowed')
    const statement = sqlFiles(module, './head.sql', './tail.sql')
    const asked = (parts: string[]) => {
      const { text, values } = onWire(statement({ a: 1, b: 2, c: 3 }, parts))
      return [text.replaceAll(/\s+/g, ' ').trim(), values]
    }
    expect(asked([])).toStrictEqual(['select $1 from t', ['1']])
    expect(asked(['more'])).toStrictEqual(['select $1 , $2 from t', ['1', '2']])
    expect(asked(['narrowed'])).toStrictEqual(['select $1 from t where x = $2', ['1', '3']])
    expect(asked([])).toStrictEqual(['select $1 from t', ['1']])
  })
})
