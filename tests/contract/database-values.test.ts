// What goes into the database comes back the same, and looks the same in JavaScript, on both engines. This file
// runs once against each engine with the same expectations. (What goes wrong: database-faults.test.ts.)
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { TenantScope } from '../../src/platform/db/database.ts'
import { pgEngine } from '../../src/platform/db/engine/pg-engine.ts'
import { parserOf } from '../../src/platform/db/engine/value-types.ts'
import { sealedDatabase } from '../../src/platform/db/sealed-database.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'

let db: TestDatabase
let scope: TenantScope
beforeAll(async () => {
  db = await openTestDatabase()
  scope = { tenantId: await db.createTenant(), subject: 'contract' }
})
afterAll(() => db.close())

/** The value of an expression, by way of a whole transaction. */
async function valueOf(expression: string): Promise<unknown> {
  const row = await db.database.readAs(scope, tx =>
    tx.first(sql<{ v: unknown }>`select ${sql.raw(expression)} as v`),
  )
  return row?.v
}

/** A parameter sent as the type and read back. */
async function roundTrip(value: unknown, type: string): Promise<unknown> {
  const row = await db.database.readAs(scope, tx =>
    tx.first(sql<{ v: unknown }>`select ${value}::${sql.raw(type)} as v`),
  )
  return row?.v
}

const bytes = (...values: number[]) => new Uint8Array(values)
const at = (iso: string) => new Date(iso)
const AWKWARD = `"quoted" 'single' back\\slash {brace}, comma; \t tab \n line — ünïcödé 日本語 🦉 e\u0301 \u200b $1 :x NULL`

describe('a value read has the JavaScript type of the contract', () => {
  const cases: [expression: string, expected: unknown][] = [
    ['1::int2', 1],
    ['-32768::int4', -32768],
    ['2147483647::int4', 2147483647],
    ['9007199254740993::int8', 9007199254740993n],
    ['(-9223372036854775808)::int8', -9223372036854775808n],
    ['(select count(*) from generate_series(1, 2))', 2n],
    ['12345678901234567890.123456789::numeric', '12345678901234567890.123456789'],
    [`'NaN'::numeric`, 'NaN'],
    ['0.1::float8', 0.1],
    ['0.1::float4', 0.1],
    [`'NaN'::float8`, Number.NaN],
    [`'-Infinity'::float8`, Number.NEGATIVE_INFINITY],
    [`'Infinity'::float4`, Number.POSITIVE_INFINITY],
    ['1e308::float8', 1e308],
    ['5e-324::float8', 5e-324],
    ['true', true],
    ['false', false],
    [`''::text`, ''],
    [`'🦉 ünïcödé'::text`, '🦉 ünïcödé'],
    [`'pad'::char(5)`, 'pad  '],
    [`'a'::"char"`, 'a'],
    [`'name'::name`, 'name'],
    [`'\\x00ff80'::bytea`, bytes(0, 255, 128)],
    [`''::bytea`, bytes()],
    [`'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid`, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    [`'2024-02-29'::date`, '2024-02-29'],
    [`'2024-02-29 12:00:00.123456+00'::timestamptz`, at('2024-02-29T12:00:00.123Z')],
    [`'2024-02-29 12:00:00+05:30'::timestamptz`, at('2024-02-29T06:30:00Z')],
    [`'1890-06-01 00:00:00+00'::timestamptz`, at('1890-06-01T00:00:00Z')],
    [`'0001-01-01 00:00:00+00'::timestamptz`, at('0001-01-01T00:00:00Z')],
    [`'2024-07-01 12:00:00'::timestamp`, at('2024-07-01T12:00:00Z')],
    [`'1 year 2 mons 3 days 04:05:06.789'::interval`, '1 year 2 mons 3 days 04:05:06.789'],
    [`'-90 minutes'::interval`, '-01:30:00'],
    [`'12:34:56'::time`, '12:34:56'],
    [`'{"b": [1, null, "x"], "a": 1.5}'::jsonb`, { a: 1.5, b: [1, null, 'x'] }],
    [`'{"b":1,"a":2}'::json`, { b: 1, a: 2 }],
    [`'null'::jsonb`, null],
    [`'"text"'::jsonb`, 'text'],
    [`'[1,[2]]'::jsonb`, [1, [2]]],
    ['null::int8', null],
    ['1::oid', 1],
    [`int4range(1, 5)`, '[1,5)'],
    [`'[1,2,3]'::halfvec(3)`, '[1,2,3]'],
    [`row(1, 'x')`, '(1,x)'],
  ]
  test.each(cases)('%s', async (expression, expected) => {
    expect(await valueOf(expression)).toStrictEqual(expected)
  })
})

describe('an array read is an array of the same, with nulls, quotes, backslashes and nesting', () => {
  const cases: [expression: string, expected: unknown][] = [
    [`array[1, null, -3]::int2[]`, [1, null, -3]],
    [`array[1, null]::int4[]`, [1, null]],
    [`array[9007199254740993, null]::int8[]`, [9007199254740993n, null]],
    [`array[1.10, null]::numeric[]`, ['1.10', null]],
    [`array[0.5, 'NaN', null]::float4[]`, [0.5, Number.NaN, null]],
    [`array[0.1, 'Infinity', null]::float8[]`, [0.1, Number.POSITIVE_INFINITY, null]],
    [`array[true, false, null]`, [true, false, null]],
    [
      `array['a"b', 'c\\d', '{e,f}', '', 'NULL', null, ' ']::text[]`,
      ['a"b', 'c\\d', '{e,f}', '', 'NULL', null, ' '],
    ],
    [`array['a', null]::varchar[]`, ['a', null]],
    [`array['ab', null]::char(3)[]`, ['ab ', null]],
    [`array['a', 'b']::name[]`, ['a', 'b']],
    [`array['\\x00ff', null]::bytea[]`, [bytes(0, 255), null]],
    [
      `array['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', null]::uuid[]`,
      ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', null],
    ],
    [`array['2024-02-29', null]::date[]`, ['2024-02-29', null]],
    [`array['2024-02-29 12:00:00+00', null]::timestamptz[]`, [at('2024-02-29T12:00:00Z'), null]],
    [`array['2024-02-29 12:00:00', null]::timestamp[]`, [at('2024-02-29T12:00:00Z'), null]],
    [`array['1 day 00:00:01', null]::interval[]`, ['1 day 00:00:01', null]],
    [`array['{"a": "q\\"b\\\\c"}', 'null', null]::jsonb[]`, [{ a: 'q"b\\c' }, null, null]],
    [`array['{"a":[1]}', null]::json[]`, [{ a: [1] }, null]],
    [`array[1, 2]::oid[]`, [1, 2]],
    [
      `array[array['a', null], array['c"', '\\']]`,
      [
        ['a', null],
        ['c"', '\\'],
      ],
    ],
    [`'[5:6]={7,8}'::int4[]`, [7, 8]],
    [`'{}'::text[]`, []],
    [`null::text[]`, null],
  ]
  test.each(cases)('%s', async (expression, expected) => {
    expect(await valueOf(expression)).toStrictEqual(expected)
  })
})

describe('a parameter comes back as it was sent', () => {
  const cases: [type: string, value: unknown][] = [
    ['int2', -32768],
    ['int4', 2147483647],
    ['int8', 9223372036854775807n],
    ['numeric', '0.000000000000000000000000000001'],
    ['float8', Number.NaN],
    ['float8', Number.NEGATIVE_INFINITY],
    ['float8', Number.MIN_VALUE],
    ['float8', -1.7976931348623157e308],
    ['float8', 1e21],
    ['float4', 0.5],
    ['bool', true],
    ['bool', false],
    ['text', AWKWARD],
    ['text', ''],
    ['text', 'NULL'],
    ['text', '\\x41'],
    ['text', '{}'],
    ['text', 'x'.repeat(1_000_000)],
    ['bytea', bytes()],
    ['bytea', Uint8Array.from({ length: 256 }, (_, i) => i)],
    ['uuid', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    ['date', '2024-02-29'],
    ['timestamptz', at('2024-02-29T23:59:59.999Z')],
    ['timestamptz', at('1969-12-31T23:59:59.999Z')],
    ['interval', '1 day 02:03:04'],
    ['jsonb', { text: AWKWARD, list: [1, null, { deep: true }], empty: {} }],
    ['json', { z: 1, a: [] }],
    ['text', null],
    ['int2[]', [1, null, -1]],
    ['int8[]', [1n, null, -9007199254740993n]],
    ['numeric[]', ['1.50', null]],
    ['float8[]', [0.1, Number.NaN, Number.NEGATIVE_INFINITY, null]],
    ['bool[]', [true, false, null]],
    ['text[]', [AWKWARD, '', 'NULL', null, 'null', '{}', '"', '\\', ',']],
    ['text[]', []],
    [
      'text[]',
      [
        ['a', null],
        ['"', '\\'],
      ],
    ],
    [
      'int4[]',
      [
        [[1], [2]],
        [[3], [4]],
      ],
    ],
    ['bytea[]', [bytes(), bytes(0, 34, 92, 255), null]],
    ['uuid[]', ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', null]],
    ['date[]', ['2024-02-29', null]],
    ['timestamptz[]', [at('2024-02-29T23:59:59.999Z'), null]],
    ['interval[]', ['1 day 02:03:04', null]],
    ['jsonb[]', [{ text: AWKWARD }, { list: ['a"', '\\'] }, null]],
  ]
  for (const [type, value] of cases) {
    test(`${type}: ${inspect(value).replace(/\s+/g, ' ').slice(0, 60)}`, async () => {
      expect(await roundTrip(value, type)).toStrictEqual(value)
    })
  }

  test('bytes from a Buffer come back as a plain Uint8Array', async () => {
    const back = await roundTrip(Buffer.from('abc'), 'bytea')
    expect(Object.getPrototypeOf(back)).toBe(Uint8Array.prototype)
    expect(back).toStrictEqual(bytes(97, 98, 99))
  })

  test('half of a surrogate pair becomes the replacement character, and undefined becomes null', async () => {
    expect(await roundTrip('a\ud800b', 'text')).toBe('a\ufffdb')
    expect(await roundTrip(undefined, 'text')).toBeNull()
  })

  test('a JSON array sent as text is JSON, not an array of Postgres', async () => {
    expect(await roundTrip('[1,[2,"x"]]', 'jsonb')).toStrictEqual([1, [2, 'x']])
  })
})

describe('settings of the server do not bend values', () => {
  const hostile: [setting: string, value: string][] = [
    ['timezone', 'Asia/Kolkata'],
    ['timezone', 'Europe/Amsterdam'], // before 1937 its offset has seconds, which JavaScript cannot read
    ['datestyle', 'German'],
    ['intervalstyle', 'iso_8601'],
    ['bytea_output', 'escape'],
    ['extra_float_digits', '-15'],
  ]
  // Defaults are read when a connection opens; nobody else sets those of the embedded engine.
  test.runIf(inject('engine') === 'postgres').each(hostile)(
    '%s = %s as the default of the database',
    async (setting, value) => {
      const name = new URL(db.urls?.app ?? '').pathname.slice(1)
      await db.asAdmin(`alter database "${name}" set ${setting} = '${value}'`)
      const engine = pgEngine({
        url: db.urls?.app ?? '',
        poolSize: 1,
        pooled: false,
        applicationName: 'gatehouse-tests',
        onIdleError: () => undefined,
      })
      const fresh = sealedDatabase({ engine, sealKey: () => db.sealKey })
      try {
        const row = await fresh.readAs(scope, tx =>
          tx.first(sql`select '1920-01-01 00:00:00+00'::timestamptz as t, '1 day 00:00:01'::interval as i, '\\x00ff'::bytea as b,
          0.1::float8 as f, '2024-02-29'::date as d`),
        )
        expect(row).toStrictEqual({
          t: at('1920-01-01T00:00:00Z'),
          i: '1 day 00:00:01',
          b: bytes(0, 255),
          f: 0.1,
          d: '2024-02-29',
        })
      } finally {
        await fresh.close()
        await db.asAdmin(`alter database "${name}" reset ${setting}`)
      }
    },
  )
})

describe('a statement says how many rows it touched', () => {
  test('rows returned, inserted, updated, deleted, and none', async () => {
    const id = '0198aaaa-0000-7000-8000-000000000001'
    const counts = await db.database.writeAs(scope, async tx => [
      await tx.run(sql`select * from generate_series(1, 3)`),
      await tx.run(sql`insert into app.term_stat (tenant_id, term, df)
        select ${scope.tenantId}::uuid, 't' || n, 1 from generate_series(1, 5) as n`),
      await tx.run(
        sql`update app.term_stat set df = 2 where tenant_id = ${scope.tenantId} and term in ('t1', 't2')`,
      ),
      await tx.run(sql`update app.term_stat set df = 2 where tenant_id = ${id}`),
      await tx.run(sql`delete from app.term_stat where tenant_id = ${scope.tenantId} returning term`),
    ])
    expect(counts).toStrictEqual([3, 5, 2, 0, 5])
  })

  test('a batch gives the rows of each statement, in order', async () => {
    const rows = await db.database.readBatchAs(scope, [
      sql`select 1 as a`,
      sql`select 2 as b where false`,
      sql`select 3 as c`,
    ])
    expect(rows).toStrictEqual([[{ a: 1 }], [], [{ c: 3 }]])
  })
})

test('the table of types names every array type that Postgres ships for the scalars the product reads', async () => {
  const types = await db.database.readAs(scope, tx =>
    tx.all(sql<{ name: string; oid: number; element: number }>`
      select t.typname as name, t.typarray as oid, t.oid as element from pg_type t
      where t.typname in ('bool', 'bytea', 'char', 'name', 'int8', 'int2', 'int4', 'text', 'oid', 'json', 'float4', 'float8',
        'bpchar', 'varchar', 'date', 'time', 'timestamp', 'timestamptz', 'interval', 'numeric', 'uuid', 'jsonb')`),
  )
  expect(types).toHaveLength(22)
  const unparsed = types.filter(({ oid }) => !Array.isArray(parserOf(oid)('{}')))
  expect(unparsed).toStrictEqual([])
})
