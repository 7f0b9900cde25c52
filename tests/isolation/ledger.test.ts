// BU18: the application writes the ledger by its functions alone and changes none of it; what the owner of the database
// changes is found and named.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { linkLedgerRows } from '../../src/features/audit/chain/link-rows.ts'
import { chainSweep } from '../../src/features/audit/chain/start-chainer.ts'
import { verifyLedger } from '../../src/features/audit/verify-ledger.ts'
import { verifyCosts } from '../../src/features/usage/ledger/verify-costs.ts'
import { statementOf } from '../../src/platform/db/statements.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { stateOf } from '../harness/refusal.ts'
import { reserved, spent } from '../harness/spending.ts'
import { callerOf } from '../harness/tenant-caller.ts'

interface Verified {
  readonly ok: boolean
  readonly findings: readonly {
    readonly kind: string
    readonly chained_as: number | null
    readonly until?: number
  }[]
}

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

let steps = 0
async function pay(tenantId: string, rows: number): Promise<void> {
  for (let n = 0; n < rows; n++) await spent({ database: db.database, tenantId }, `step-${steps++}`, 100n)
}
/** A tenant with so many charges, all linked. */
async function chained(rows: number): Promise<string> {
  const tenantId = await db.createTenant()
  await pay(tenantId, rows)
  expect(await linkLedgerRows(db.owner, tenantId)).toBe(rows)
  return tenantId
}
function told({ ok, findings }: Verified): string[] {
  expect(ok).toBe(findings.length === 0)
  return findings.map(
    ({ kind, chained_as, until }) =>
      `${kind}${chained_as === null ? '' : ` ${chained_as}`}${until === undefined ? '' : `–${until}`}`,
  )
}
async function verified(tenantId: string): Promise<{ chain: string[]; costs: string[] }> {
  const ask = callerOf(db.database, [verifyLedger, verifyCosts], tenantId, ['costs:read'])
  return {
    chain: told(await ask<Verified>('verify_ledger', {})),
    costs: told(await ask<Verified>('verify_costs', {})),
  }
}
const SOUND = { chain: [], costs: [] }

test('BU18 the chainer links what was spent, of every tenant, and asks for none that is quiet', async () => {
  const other = await chained(1)
  const one = await db.createTenant()
  await pay(one, 3)
  const sweep = chainSweep({ owner: db.owner, log: createLogger('silent') })
  expect(await sweep()).toBe(3)
  expect(await sweep()).toBe(0)
  await pay(other, 1)
  expect(await sweep()).toBe(1)
  for (const tenantId of [one, other]) expect(await verified(tenantId)).toStrictEqual(SOUND)
})

test('BU18 every column of the ledger is in its chain', async () => {
  const columns = await db.asAdmin(
    `select string_agg(attname, ' ' order by attname) as names from pg_attribute
     where attrelid = 'app.ledger'::regclass and attnum > 0 and not attisdropped`,
  )
  // As ledger-hash.test.ts changes one by one; `at` is there as at_us, and the hash is what it comes to.
  expect(columns[0]?.['names']).toBe(
    'at basis chain_hash chained_as cost_nano hold_id id key_id kind label model note operation per_million price_version ' +
      'sequence step subject task tenant_id uncharged_nano usage',
  )
})

describe('BU18 the application changes nothing, whatever right its seal has', () => {
  test('no row, no head, no place', async () => {
    const tenantId = await chained(1)
    const statements = [
      'update app.ledger set cost_nano = 0',
      'update app.ledger set chained_as = null, chain_hash = null',
      'delete from app.ledger',
      'truncate app.ledger',
      `insert into app.ledger (tenant_id, id, kind, hold_id, subject, model, operation, step, usage, per_million,
        price_version, cost_nano, basis)
       select tenant_id, gen_random_uuid(), 'correction', hold_id, subject, model, operation, step, '{}', '{}', 'x', -1,
        'correction' from app.ledger`,
      'update app.ledger_head set chained_as = 0',
      'delete from app.ledger_head',
      `insert into app.ledger_head (tenant_id, chained_as, chain_hash) select tenant_id, 1, sha256('') from app.ledger`,
    ]
    for (const rights of [[], ['people', 'budgets', 'grants']] as const)
      for (const text of statements) {
        const scope = { tenantId, subject: 'ada', rights }
        const act = db.database.writeAs(scope, tx => tx.run(statementOf(text, [])))
        expect(await stateOf(act), text).toBe('42501')
      }
    expect(await verified(tenantId)).toStrictEqual(SOUND)
  })
})

describe('BU18 what the owner changes is found', () => {
  const edit = (tenantId: string, text: string): Promise<unknown> => db.asAdmin(text, [tenantId])

  test('edits and removals, each by its place; amounts by what they should be', async () => {
    const tenantId = await chained(8)
    expect(await verified(tenantId)).toStrictEqual(SOUND)
    for (const text of [
      `update app.ledger set cost_nano = 1 where tenant_id = $1 and chained_as = 1`,
      `update app.ledger set usage = '{"input": 1}', cost_nano = 1 where tenant_id = $1 and chained_as = 2`,
      `update app.ledger set per_million = '{}' where tenant_id = $1 and chained_as = 3`,
      `update app.ledger set subject = 'eve' where tenant_id = $1 and chained_as = 4`,
      `update app.ledger set cost_nano = 101 where tenant_id = $1 and chained_as = 5`,
      `update app.ledger set usage = '{"input": "100"}' where tenant_id = $1 and chained_as = 6`,
      `delete from app.ledger where tenant_id = $1 and chained_as = 7`,
    ])
      await edit(tenantId, text)
    expect(await verified(tenantId)).toStrictEqual({
      chain: ['edited 1', 'edited 2', 'edited 3', 'edited 4', 'edited 5', 'edited 6', 'removed 7'],
      costs: [
        'cost_differs 1',
        'cost_differs 3',
        'above_hold 5',
        'cost_differs 6',
        'charge_missing',
        'window_spent',
      ],
    })
  })

  test('a budget set back, a hold let go, a forged head, the end cut off', async () => {
    const tenantId = await chained(4)
    await reserved({ database: db.database, tenantId }, `step-${steps++}`, 7n)
    for (const [wrong, right, chain, costs] of [
      [
        'update app.budget_window set spent_nano = 0 where tenant_id = $1',
        'update app.budget_window set spent_nano = 400 where tenant_id = $1',
        [],
        ['window_spent'],
      ],
      [
        `update app.hold set state = 'released' where tenant_id = $1 and state = 'held'`,
        `update app.hold set state = 'held' where tenant_id = $1 and state = 'released'`,
        [],
        ['window_held'],
      ],
      [
        `update app.ledger_head set chain_hash = sha256('') where tenant_id = $1`,
        `update app.ledger_head h set chain_hash = l.chain_hash from app.ledger l
         where h.tenant_id = $1 and l.tenant_id = $1 and l.chained_as = 4`,
        ['head_mismatch 4'],
        [],
      ],
      [
        'delete from app.ledger where tenant_id = $1 and chained_as > 3',
        undefined,
        ['cut_off 4'],
        ['charge_missing', 'window_spent'],
      ],
    ] as const) {
      expect(await verified(tenantId)).toStrictEqual(SOUND)
      await edit(tenantId, wrong)
      expect(await verified(tenantId), wrong).toStrictEqual({ chain, costs })
      if (right !== undefined) await edit(tenantId, right)
    }
  })

  test('two rows that changed places', async () => {
    const tenantId = await chained(5)
    for (const [from, to] of [
      [2, 100],
      [4, 2],
      [100, 4],
    ])
      await db.asAdmin('update app.ledger set chained_as = $3 where tenant_id = $1 and chained_as = $2', [
        tenantId,
        from,
        to,
      ])
    expect(await verified(tenantId)).toStrictEqual({ chain: ['reordered 2', 'reordered 4'], costs: [] })
  })

  test('also before it is linked: what is new is named as open', async () => {
    const tenantId = await chained(1)
    await pay(tenantId, 2)
    const ask = callerOf(db.database, [verifyLedger, verifyCosts], tenantId, ['costs:read'])
    expect(await ask('verify_ledger', {})).toMatchObject({ ok: true, rows: 1, open_tail: { rows: 2 } })
    expect(await ask('verify_costs', {})).toMatchObject({ ok: true, rows: 3, sum_nano: '300' })
    await db.asAdmin('update app.ledger set cost_nano = 1 where tenant_id = $1 and chained_as is null', [
      tenantId,
    ])
    expect((await verified(tenantId)).costs).toStrictEqual(['cost_differs', 'cost_differs', 'window_spent'])
  })
})
