// What a figure can show: the dearest few by name, and all others together.
import type { CostRow } from '../../../api/operations.gen.ts'

export interface Slice {
  /** Undefined: all that are not shown by name. */
  readonly id: string | null | undefined
  readonly cost_nano: string
  /** 0 to 1, of what is not less than nothing. */
  readonly part: number
  /** Cost on each day. */
  readonly days: readonly string[]
}

const SHOWN = 5

/** In the order of the rows, the dearest first. Of rows beyond the report's limit only the total is known. */
export function slicesOf(
  rows: readonly CostRow[],
  total: { readonly cost_nano: string },
  shown = SHOWN,
): readonly Slice[] {
  const named = rows.slice(0, rows.length === shown + 1 ? shown + 1 : shown)
  const others = rows.slice(named.length)
  const rest = BigInt(total.cost_nano) - named.reduce((sum, row) => sum + BigInt(row.cost_nano), 0n)
  const all = [
    ...named.map(({ id, cost_nano, days }) => ({ id, cost_nano, days })),
    ...(others.length === 0 && rest === 0n
      ? []
      : [{ id: undefined, cost_nano: String(rest), days: sumByDay(others) }]),
  ]
  const positive = all.map(({ cost_nano }) => (cost_nano.startsWith('-') ? 0n : BigInt(cost_nano)))
  const whole = positive.reduce((sum, nano) => sum + nano, 0n)
  return all.map((slice, index) => ({
    ...slice,
    part: whole === 0n ? 0 : Number(((positive[index] ?? 0n) * 1_000_000n) / whole) / 1_000_000,
  }))
}

function sumByDay(rows: readonly CostRow[]): string[] {
  const count = rows[0]?.days.length ?? 0
  return Array.from({ length: count }, (_, day) =>
    String(rows.reduce((sum, { days }) => sum + BigInt(days[day] ?? 0), 0n)),
  )
}
