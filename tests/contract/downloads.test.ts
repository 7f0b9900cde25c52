// Files of the ledger and of cost reports, as a browser downloads them: whole, exact, harmless, and the same bytes that the
// command line writes.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { linkLedgerRows } from '../../src/features/audit/chain/link-rows.ts'
import { exportLedger, type LedgerTrailer } from '../../src/protocols/cli/cost/export-ledger.ts'
import type { LedgerFormat } from '../../src/protocols/exports/ledger-file.ts'
import { apiToken, askApi } from '../harness/api-client.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'
import { payer, purchase } from '../harness/money-ground.ts'

describe.runIf(inject('engine') === 'postgres')('a download', () => {
  let g: TestGatehouse
  let tenantId: string
  let token: string
  let today: string
  const get = (path: string, bearer: string | undefined = token) =>
    fetch(`${g.url}/api/downloads/${path}`, {
      headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
    })
  const exported = async (format: LedgerFormat, days: { from?: string; to?: string } = {}) => {
    const written: string[] = []
    const trailer: LedgerTrailer = await exportLedger({
      run: (operation, input) => g.run({ tenantId, scopes: ['costs:read'] }, operation, input),
      format,
      ...days,
      pageRows: 2,
      write: text => Promise.resolve(void written.push(text)),
    })
    return { trailer, text: written.join('') }
  }

  beforeAll(async () => {
    g = await openTestGatehouse()
    tenantId = await g.createTenant('payer')
    token = await apiToken(g, tenantId, ['costs:read'])
    const buy = payer(g.gatehouse.opened.database, tenantId)
    for (const [subject, label] of [
      ['ada', '=HYPERLINK("http://evil","x")'],
      ['bob', 'matter, 7'],
      ['ada', undefined],
      ['-1+1', 'matter 7'],
      ['ada', 'matter 7'],
    ] as const)
      await buy({ subject })(
        purchase({ input: 1_000, ...(label === undefined ? {} : { label }) }),
        async ({ sent, used }) => {
          await sent()
          used({ input: 1_000 })
        },
      )
    await linkLedgerRows(g.behind!.owner, tenantId)
    today = new Date().toISOString().slice(0, 10)
  })
  afterAll(() => g.close())

  test('DS06 is not begun for whoever asks for its head alone: nobody would see that it goes on', async () => {
    const head = (path: string) =>
      fetch(`${g.url}/api/downloads/${path}`, {
        method: 'HEAD',
        headers: { authorization: `Bearer ${token}` },
      })
    const paths = ['ledger.csv', 'ledger.jsonl', 'ledger.json', 'costs.csv', 'costs.json']
    const answers = await Promise.all(paths.map(head))
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 405))
  })

  test.each(['csv', 'jsonl', 'json'] as const)(
    'of the ledger as %s has the bytes that the command line writes for the same days',
    async format => {
      for (const days of [{}, { from: today, to: today }, { to: '2020-01-01' }]) {
        const query = new URLSearchParams(days).toString()
        const response = await get(`ledger.${format}?${query}`)
        expect(response.status).toBe(200)
        const bytes = Buffer.from(await response.arrayBuffer())
        const { trailer, text } = await exported(format, days)
        expect(bytes.toString()).toBe(text)
        expect(createHash('sha256').update(bytes).digest('hex')).toBe(trailer.sha256)
        expect(response.headers.get('gatehouse-ledger-rows')).toBe(String(trailer.rows))
        expect(response.headers.get('gatehouse-ledger-sum-nano')).toBe(trailer.sum_nano)
        expect(response.headers.get('gatehouse-ledger-head')).toBe(trailer.head?.chain_hash)
      }
      const { headers } = await get(`ledger.${format}?from=${today}`)
      expect(headers.get('content-disposition')).toBe(
        `attachment; filename="gatehouse-ledger-${today}.${format}"`,
      )
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    },
  )

  test('as JSON says what it comes to and where the chain stood', async () => {
    const file = (await (await get('ledger.json')).json()) as Record<string, unknown>
    const rows = file['rows'] as { cost_nano: string; chain_hash: string }[]
    expect(file).toMatchObject({
      from: null,
      to: null,
      count: 5,
      sum_nano: '5000',
      sum_usd: '0.000005',
      open_rows: 0,
    })
    expect(rows).toHaveLength(5)
    expect(file['head']).toEqual({ chained_as: 5, chain_hash: rows.at(-1)?.chain_hash })
    expect(await (await get('ledger.json?to=2020-01-01')).json()).toMatchObject({
      rows: [],
      count: 0,
      sum_nano: '0',
    })
  })

  test('of a report has the rows that get_cost_report tells, all of them and nothing else', async () => {
    const report = await g.run<{ rows: { id: string | null; cost_nano: string }[] }>(
      { tenantId },
      'get_cost_report',
      { by: 'label', from: today, to: today },
    )
    const days = `from=${today}&to=${today}`
    expect(await (await get(`costs.json?by=label&${days}`)).json()).toEqual(report)
    const response = await get(`costs.csv?by=label&${days}`)
    expect(response.headers.get('content-disposition')).toContain(
      `gatehouse-costs-by-label-${today}-${today}.csv`,
    )
    const lines = (await response.text()).split('\r\n')
    expect(lines).toEqual([
      'label,requests,units_in,units_out,cost_nano,cost_usd,share_percent',
      'matter 7,2,2000,0,2000,0.000002,40',
      `"'=HYPERLINK(""http://evil"",""x"")",1,1000,0,1000,0.000001,20`,
      '"matter, 7",1,1000,0,1000,0.000001,20',
      ',1,1000,0,1000,0.000001,20',
      '',
    ])
  })

  test('BU16 has no cell that a spreadsheet would run, in a report or in the ledger', async () => {
    const [byUser, ledger] = await Promise.all(
      ['costs.csv?by=user', 'ledger.csv'].map(async path => (await get(path)).text()),
    )
    for (const text of [byUser, ledger]) {
      expect(text).toContain(`'-1+1`)
      expect(text).not.toMatch(/(?:^|,)"?(?:[=@]|-1\+)/m)
    }
  })

  test('what shows how a tenant stands is not among the few requests that its tier allows', async () => {
    const slow = await g.createTenant('slow')
    await g.gatehouse.operate('set_tier', {
      tier: 'slow',
      limit_nano: '0',
      models: [],
      requests_per_minute: 1,
    })
    await g.gatehouse.operate('update_tenant', { tenant: 'slow', tier: 'slow' })
    const admin = await apiToken(g, slow, ['costs:read', 'budgets:write', 'documents:read'])
    for (const [operation, input] of [
      ['list_budgets', {}],
      ['get_own_budgets', {}],
      ['get_cost_report', { by: 'day' }],
      ['get_tier_offer', {}],
      ['list_alerts', {}],
    ] as const)
      for (let time = 0; time < 3; time++)
        expect((await askApi(g.url, operation, admin, input)).status, operation).toBe(200)
    const search = () => askApi(g.url, 'hybrid_search', admin, { query: 'anything' })
    expect((await search()).status).toBe(200)
    expect(await search()).toMatchObject({ body: { reason: 'tier_rate' } })
  })

  test('is for nobody without the scope to see costs, and refuses what it does not know', async () => {
    const member = await apiToken(g, tenantId, ['documents:read', 'tasks:read'])
    for (const file of ['ledger.csv', 'ledger.json', 'costs.csv', 'costs.json']) {
      const refused = await get(file, member)
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
        403,
        expect.stringContaining('scope="costs:read"'),
      ])
      expect((await get(file, 'nonsense')).status).toBe(401)
    }
    for (const query of [
      'from=2026-02-30',
      'to=yesterday',
      'limit=1',
      'cursor=x',
      'from=2026-01-02&to=2026-01-01',
    ])
      expect((await get(`ledger.csv?${query}`)).status, query).toBe(400)
    expect((await get('costs.csv?by=tenant')).status).toBe(400)
  })
})
