// What was spent, as reports, exports and corrections tell it: exact, of one moment, and the same in all of them.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ListedCharge } from '../../src/features/usage/ledger/ledger-rows.ts'
import { linkLedgerRows } from '../../src/features/audit/chain/link-rows.ts'
import { verifyLedger } from '../../src/features/audit/verify-ledger.ts'
import { listBudgets } from '../../src/features/usage/budgets/list-budgets.ts'
import { setBudget } from '../../src/features/usage/budgets/set-budget.ts'
import { correctCharge } from '../../src/features/usage/ledger/correct-charge.ts'
import { listLedger } from '../../src/features/usage/ledger/list-ledger.ts'
import { verifyCosts } from '../../src/features/usage/ledger/verify-costs.ts'
import { getCostReport, REPORTED_BY } from '../../src/features/usage/reports/get-cost-report.ts'
import { exportLedger, type LedgerTrailer } from '../../src/protocols/cli/cost/export-ledger.ts'
import { reportLines, type CostReport } from '../../src/protocols/cli/cost/report-lines.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { MODEL, payer, purchase, type Purchase, type Who } from '../harness/money-ground.ts'
import { refusalOf } from '../harness/refusal.ts'
import { callerOf, type Ask } from '../harness/tenant-caller.ts'

const OPERATIONS = [
  listBudgets,
  setBudget,
  getCostReport,
  listLedger,
  correctCharge,
  verifyCosts,
  verifyLedger,
]

let db: TestDatabase
let tenantId: string
let ask: Ask
beforeAll(async () => {
  db = await openTestDatabase()
  ;({ tenantId, ask } = await tenant())
  await spend(100, 10, { label: '=HYPERLINK("http://evil")' })
  await spend(200, 0, { label: 'matter 7' })
  await spend(300, 5, { subject: 'bob', keyId: 'k1', model: 'test:other', step: 'rerank' })
})
afterAll(() => db.close())

async function tenant(): Promise<{ tenantId: string; ask: Ask }> {
  const id = await db.createTenant()
  const scopes = ['costs:read', 'budgets:write', 'budgets:grant']
  return { tenantId: id, ask: callerOf(db.database, OPERATIONS, id, { scopes, subject: 'operator' }) }
}
async function spend(
  input: number,
  output: number,
  { subject, keyId, ...words }: Purchase & Who = {},
  of = tenantId,
): Promise<void> {
  const who = { ...(subject === undefined ? {} : { subject }), ...(keyId === undefined ? {} : { keyId }) }
  await payer(db.database, of)(who)(
    purchase({ input, output: { least: 0, most: output }, ...words }),
    async ({ sent, used }) => {
      await sent()
      used({ input, output })
    },
  )
}
const report = (input: object = {}, asking = ask) =>
  asking<CostReport>('get_cost_report', { by: 'model', ...input })
const ledgerSum = async (of = tenantId): Promise<string> =>
  String(
    (
      await db.asAdmin(
        `select coalesce(sum(cost_nano), 0)::text as nano from app.ledger where tenant_id = $1`,
        [of],
      )
    )[0]?.['nano'],
  )
const verify = async (asking = ask): Promise<boolean[]> => [
  (await asking<{ ok: boolean }>('verify_ledger', {})).ok,
  (await asking<{ ok: boolean }>('verify_costs', {})).ok,
]

describe('a report', () => {
  test('by model: requests, units and cost, the dearest first', async () => {
    const { rows, total, days, to } = await report()
    expect(rows).toMatchObject([
      { id: MODEL, requests: 2, units_in: 300, units_out: 10, cost_nano: '310', share: 50.4 },
      { id: 'test:other', requests: 1, units_in: 300, units_out: 5, cost_nano: '305', share: 49.6 },
    ])
    expect(total).toStrictEqual({ requests: 3, units_in: 600, units_out: 15, cost_nano: '615' })
    expect(days).toHaveLength(30)
    expect([days.at(-1), rows[0]?.days.at(-1), rows[0]?.days[0]]).toStrictEqual([to, '310', '0'])
  })

  test.each<[string, unknown[]]>([
    ['user', ['ada 310', 'bob 305']],
    ['key', ['null 310', 'k1 305']],
    ['operation', ['buy 615']],
    ['task', ['null 615']],
    ['step', ['step 310', 'rerank 305']],
    ['label', ['null 305', 'matter 7 200', '=HYPERLINK("http://evil") 110']],
  ])('by %s', async (by, expected) => {
    const { rows } = await report({ by })
    expect(rows.map(({ id, cost_nano }) => `${String(id)} ${cost_nano}`)).toStrictEqual(expected)
  })

  test('of whatever kind comes to what the ledger comes to, also where not all rows are told', async () => {
    for (const by of REPORTED_BY) {
      const { total, rows, more_rows: more } = await report({ by, limit: 1 })
      expect(total.cost_nano, by).toBe(await ledgerSum())
      expect(rows).toHaveLength(1)
      expect(more).toBe({ day: 0, operation: 0, task: 0, label: 2 }[by as string] ?? 1)
    }
  })

  test('of days with nothing says so', async () => {
    const empty = await report({ from: '2020-01-01', to: '2020-01-31' })
    expect(empty).toMatchObject({ rows: [], more_rows: 0, total: { requests: 0, cost_nano: '0' } })
    expect(reportLines(empty)).toStrictEqual(['Nothing was spent from 2020-01-01 to 2020-01-31 (UTC).'])
  })

  test('is shown in dollars, with a line of the days', async () => {
    const lines = reportLines(await report({ by: 'user' }))
    expect(lines[0]).toMatch(/^USER\s+REQUESTS\s+UNITS IN\s+UNITS OUT\s+COST\s+SHARE\s+DAYS$/)
    expect(lines[1]).toMatch(/^ada\s+2\s+300\s+10\s+\$0\.00000031\s+50\.4%\s+·{29}█$/)
    expect(lines[3]).toMatch(/^total\s+3\s+600\s+15\s+\$0\.000000615\s+100\.0%/)
  })

  test('of impossible days is refused', async () => {
    for (const days of [
      { from: '2026-02-02', to: '2026-02-01' },
      { from: '2026-02-30' },
      { from: '2020-01-01', to: '2026-01-01' },
      { from: 'yesterday' },
    ])
      expect(await refusalOf(report(days)), JSON.stringify(days)).toMatchObject({ code: 'invalid_input' })
  })
})

describe('a correction', () => {
  test('is a row of its own that counts for who had spent, in the budgets of the charge, and never below nothing', async () => {
    const own = await tenant()
    await spend(100, 0, { subject: 'ada' }, own.tenantId)
    const [charge] = await db.asAdmin(`select id from app.ledger where tenant_id = $1`, [own.tenantId])
    const correct = (by_nano: string, charge_id = String(charge?.['id'])) =>
      own.ask('correct_charge', { charge_id, by_nano, note: 'the answer was cut off' })
    expect(await correct('-40')).toMatchObject({ cost_nano: '60' })
    expect(await correct('15')).toMatchObject({ cost_nano: '75' })
    expect(await refusalOf(correct('-76'))).toMatchObject({
      code: 'invalid_input',
      reason: 'more_than_charged',
    })
    for (const amount of ['0', '-0', '0.5', 'NaN', '-9000000000000000001', '1e3'])
      expect(await refusalOf(correct(amount)), amount).toMatchObject({ code: 'invalid_input' })
    expect(await refusalOf(correct('-1', '0198f2c0-0000-7000-8000-000000000000'))).toMatchObject({
      code: 'not_found',
    })
    expect(await report({ by: 'user' }, own.ask)).toMatchObject({
      rows: [{ id: 'ada', requests: 1, cost_nano: '75' }],
    })
    expect(await own.ask('list_budgets', {})).toMatchObject({ budgets: [{ spent_nano: '75' }] })
    await linkLedgerRows(db.owner, own.tenantId)
    expect(await verify(own.ask)).toStrictEqual([true, true])
  })
})

describe('an export', () => {
  const exported = async (
    format: 'csv' | 'jsonl',
    options: { run?: Ask; pageRows?: number; from?: string; to?: string } = {},
  ): Promise<{ text: string; trailer: LedgerTrailer; waited: string[] }> => {
    const written: string[] = []
    const waited: string[] = []
    const { run = ask, ...rest } = options
    const trailer = await exportLedger({
      run,
      format,
      ...rest,
      progress: line => void waited.push(line),
      write: text => Promise.resolve(void written.push(text)),
      pause: () => linkLedgerRows(db.owner, tenantId),
    })
    return { text: written.join(''), trailer, waited }
  }

  test('has every row once, with count, sum and a hash of what was written; new rows are waited for', async () => {
    const { text, trailer, waited } = await exported('jsonl', { pageRows: 2 })
    const rows = text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as ListedCharge)
    expect(waited).toStrictEqual(['waiting until 3 new rows are linked'])
    expect(rows.map(({ chained_as, user }) => [chained_as, user])).toStrictEqual([
      [1, 'ada'],
      [2, 'ada'],
      [3, 'bob'],
    ])
    expect(trailer).toMatchObject({
      rows: 3,
      sum_nano: await ledgerSum(),
      head: { chained_as: 3, chain_hash: rows[2]?.chain_hash },
      open_rows: 0,
      bytes: Buffer.byteLength(text),
      sha256: createHash('sha256').update(text).digest('hex'),
    })
  })

  test('BU16 as CSV has no cell that a spreadsheet would run', async () => {
    const { text } = await exported('csv')
    expect(text.split('\r\n')).toHaveLength(5)
    expect(text).toContain(`,"'=HYPERLINK(""http://evil"")",`)
    expect(text).not.toContain('"=HYPERLINK')
  })

  test('BU17 is of the moment it began: what is spent while its pages load shifts none and is in none', async () => {
    const own = await tenant()
    for (let n = 1; n <= 5; n++) await spend(n, 0, {}, own.tenantId)
    await linkLedgerRows(db.owner, own.tenantId)
    let pages = 0
    const run: Ask = async (operation, input) => {
      const answer = await own.ask(operation, input)
      pages++
      await spend(100, 0, {}, own.tenantId)
      await linkLedgerRows(db.owner, own.tenantId)
      return answer as never
    }
    const { trailer, text } = await exported('jsonl', { run, pageRows: 2 })
    expect(pages).toBe(3)
    expect(trailer).toMatchObject({ rows: 5, sum_nano: '15', head: { chained_as: 5 } })
    expect(text.trimEnd().split('\n')).toHaveLength(5)
  })

  test('BU17 that loses a row on its way fails', async () => {
    const run: Ask = async (operation, input) => {
      const page = await ask<{ rows: unknown[] }>(operation, input)
      return { ...page, rows: page.rows.slice(1) } as never
    }
    expect(await refusalOf(exported('jsonl', { run }))).toMatchObject({ code: 'internal' })
  })

  test('of some days has those', async () => {
    expect((await exported('jsonl', { to: '2020-01-01' })).trailer).toMatchObject({ rows: 0, sum_nano: '0' })
    expect((await exported('jsonl', { from: '2020-01-01' })).trailer).toMatchObject({ rows: 3 })
  })

  test('takes no cursor that no page gave out', async () => {
    for (const cursor of ['AAAA', Buffer.from('ledger.1.-1.5').toString('base64url')])
      expect(await refusalOf(ask('list_ledger', { cursor }))).toMatchObject({ code: 'invalid_input' })
  })
})

test('who may not see costs sees none', async () => {
  const member = callerOf(db.database, OPERATIONS, tenantId)
  for (const [operation, input] of [
    ['get_cost_report', { by: 'user' }],
    ['list_ledger', {}],
    ['verify_costs', {}],
    ['verify_ledger', {}],
    ['correct_charge', { charge_id: '0198f2c0-0000-7000-8000-000000000000', by_nano: '-1', note: 'x' }],
  ] as const)
    expect(await refusalOf(member(operation, input)), operation).toMatchObject({ code: 'forbidden' })
})
