// What it was spent on: a ring and a table of the same rows, the dearest first.
import type { Output } from '../../../api/call.ts'
import type { CostRow } from '../../../api/operations.gen.ts'
import { Donut } from '../../../parts/figures/donut.tsx'
import { FILL, seriesColour, SWATCH } from '../../../parts/figures/series.ts'
import { Money, usdWords } from '../../../parts/shown/money.tsx'
import { type Column, Table } from '../../../parts/shown/table.tsx'
import type { By } from '../costs-params.ts'
import type { NameOf } from '../use-names.ts'
import type { Slice } from './slices.ts'

export const BY_WORDS: Record<By, string> = {
  model: 'Model',
  user: 'User',
  label: 'Label',
  operation: 'Operation',
  key: 'API key',
  task: 'Task',
  step: 'Step',
}

export interface BreakdownProps {
  readonly by: By
  readonly report: Output<'get_cost_report'>
  readonly slices: readonly Slice[]
  readonly nameOf: NameOf
}

export function Breakdown({ by, report, slices, nameOf }: BreakdownProps) {
  const colours = new Map(slices.map(({ id }, index) => [id, seriesColour(index, id === undefined)]))
  const name = (id: Slice['id']) => nameOf(by, id)
  const parts = slices.map(({ id, part, cost_nano }) => ({
    key: String(id),
    words: `${name(id)}: ${usdWords(cost_nano)}`,
    part,
    colour: colours.get(id) ?? 'series-6',
  }))
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[13rem_minmax(0,1fr)]">
      <Donut
        label={`Cost by ${BY_WORDS[by].toLowerCase()}: ${parts.map(({ words }) => words).join(', ')}`}
        parts={parts}
      >
        <span className="text-xs text-soft">in all</span>
        <span className="text-md font-semibold">
          <Money nano={report.total.cost_nano} />
        </span>
      </Donut>
      <div className="min-w-0">
        <Table
          caption={`Cost by ${BY_WORDS[by].toLowerCase()}`}
          rows={report.rows}
          keyOf={({ id }) => String(id)}
          columns={columnsFor(by, row => colours.get(row.id) ?? 'series-6', name)}
        />
        {report.more_rows > 0 && (
          <p className="mt-2 text-sm text-soft">
            And {report.more_rows.toLocaleString()} more; the total and the export have them all.
          </p>
        )}
      </div>
    </div>
  )
}

function columnsFor(
  by: By,
  colourOf: (row: CostRow) => keyof typeof FILL,
  name: (id: string | null) => string,
): readonly Column<CostRow>[] {
  return [
    {
      key: 'name',
      head: BY_WORDS[by],
      cell: row => (
        <span className="flex min-w-40 items-baseline gap-2">
          <span aria-hidden="true" className={`${SWATCH} ${FILL[colourOf(row)]}`} />
          <bdi className={`min-w-0 wrap-anywhere ${row.id === null ? 'text-soft' : ''}`}>{name(row.id)}</bdi>
        </span>
      ),
    },
    { key: 'cost', head: 'Cost', cell: ({ cost_nano }) => <Money nano={cost_nano} />, isFigure: true },
    { key: 'share', head: 'Share', cell: ({ share }) => `${share}\u00a0%`, isFigure: true },
    { key: 'requests', head: 'Requests', cell: ({ requests }) => requests.toLocaleString(), isFigure: true },
    {
      key: 'in',
      head: 'Tokens in',
      cell: row => row.units_in.toLocaleString(),
      isFigure: true,
      isMinor: true,
    },
    {
      key: 'out',
      head: 'Tokens out',
      cell: row => row.units_out.toLocaleString(),
      isFigure: true,
      isMinor: true,
    },
  ]
}
