// verify_costs: whether every row costs what its units and prices say, and every budget counts what the ledger and the
// calls under way add up to. Whether the rows are those that were written is verify_ledger's to say.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import type { ReadCall } from '../../../gate/call.ts'
import { sqlFile } from '../../../platform/db/statements.ts'
import { spoken, type BudgetName } from '../budgets/budget-fields.ts'
import { wrongCost, type BookedRow } from './recomputed.ts'

const finding = z.strictObject({
  kind: z.enum([
    'cost_differs',
    'above_hold',
    'hold_not_settled',
    'charge_missing',
    'below_nothing',
    'window_spent',
    'window_held',
  ]),
  id: z.string().nullable().describe('Of the row or the hold.'),
  chained_as: z.int().nullable().describe('Where the row stands in the chain.'),
  says: z.string(),
})
type Finding = z.input<typeof finding>

interface PagedRow extends BookedRow {
  readonly id: string
  readonly sequence: bigint
  readonly chained_as: bigint | null
}

interface WrongWindow extends BudgetName {
  readonly member: string
  readonly starts_at: Date
  readonly spent_nano: bigint
  readonly held_nano: bigint
  readonly counted_spent: string
  readonly counted_held: string
}

interface WrongHold {
  readonly id: string
  readonly step: string
  readonly nano: string | null
}

type Asked = { tenant_id: string; limit: number }
const bookedRows = sqlFile<Asked & { after: bigint }, PagedRow>(import.meta.url, 'booked-rows.sql')
const wrongWindows = sqlFile<Asked, WrongWindow>(import.meta.url, 'wrong-windows.sql')
const wrongHolds = sqlFile<Asked, WrongHold>(import.meta.url, 'wrong-holds.sql')

const PAGE = 1_000
const FINDINGS = 100

export const verifyCosts = defineOperation({
  name: 'verify_costs',
  title: 'Verify the ledger and the budgets',
  description:
    'Computes what every charge costs from its units and prices anew, and what every budget has counted from the ledger and the calls under way.',
  realm: 'tenant',
  access: 'read',
  tool: false,
  scope: 'costs:read',
  weight: 10,
  input: z.strictObject({}),
  output: z.strictObject({
    ok: z.boolean(),
    rows: z.int().describe('Rows that were computed anew.'),
    sum_nano: z.string().describe('What all of them come to.'),
    findings: z.array(finding),
    more_findings: z.boolean().describe('Whether there are more than are told.'),
  }),
  async run(_, call) {
    const { findings, rows, sum } = await wrongRows(call)
    const asked = { tenant_id: call.principal.tenantId, limit: FINDINGS + 1 }
    const [windows, holds] = await call.readBatch([wrongWindows(asked), wrongHolds(asked)])
    findings.push(...holds.map(holdFinding), ...windows.flatMap(windowFindings))
    return {
      ok: findings.length === 0,
      rows,
      sum_nano: String(sum),
      findings: findings.slice(0, FINDINGS),
      more_findings: findings.length > FINDINGS,
    }
  },
})

/** Page by page, each in a transaction of its own: rows never change, and those that come meanwhile are right or found next time. */
async function wrongRows(call: ReadCall): Promise<{ findings: Finding[]; rows: number; sum: bigint }> {
  const { tenantId } = call.principal
  const findings: Finding[] = []
  let rows = 0
  let sum = 0n
  for (let after = -1n; ; ) {
    const [page] = await call.readBatch([bookedRows({ tenant_id: tenantId, after, limit: PAGE })])
    for (const row of page) {
      rows++
      sum += row.cost_nano
      const wrong = wrongCost(row)
      if (wrong !== undefined && findings.length <= FINDINGS)
        findings.push({
          ...wrong,
          id: row.id,
          chained_as: row.chained_as === null ? null : Number(row.chained_as),
        })
    }
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return { findings, rows, sum }
    after = last.sequence
  }
}

function holdFinding({ id, step, nano }: WrongHold): Finding {
  return nano !== null && BigInt(nano) < 0n
    ? {
        kind: 'below_nothing',
        id,
        chained_as: null,
        says: `more was given back than charged for its step ${step}`,
      }
    : {
        kind: 'charge_missing',
        id,
        chained_as: null,
        says: `its step ${step} is settled, and the ledger has not one charge`,
      }
}

function windowFindings(window: WrongWindow): Finding[] {
  const { scope, member, period, starts_at } = window
  const name = `the budget of ${spoken({ scope, member, period })} from ${starts_at.toISOString()}`
  const rest = { id: null, chained_as: null }
  return [
    ...(window.spent_nano === BigInt(window.counted_spent)
      ? []
      : [
          {
            ...rest,
            kind: 'window_spent' as const,
            says: `${name} has counted ${window.spent_nano} nano-USD spent, the ledger ${window.counted_spent}`,
          },
        ]),
    ...(window.held_nano === BigInt(window.counted_held)
      ? []
      : [
          {
            ...rest,
            kind: 'window_held' as const,
            says: `${name} has counted ${window.held_nano} nano-USD held, calls under way hold ${window.counted_held}`,
          },
        ]),
  ]
}
