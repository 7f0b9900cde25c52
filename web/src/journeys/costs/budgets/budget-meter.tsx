// How full a budget is, in a row of a table.
import type { Budget } from '../../../api/operations.gen.ts'
import { Meter } from '../../../parts/shown/meter.tsx'
import { allowedNano, partOf } from './budget-words.ts'

export function BudgetMeter({ budget, name }: { readonly budget: Budget; readonly name: string }) {
  const { percent, held_nano, thresholds } = budget
  if (percent === null) return <span className="text-soft">no limit</span>
  return (
    <span className="flex min-w-28 items-center gap-2 pt-0.5">
      <Meter
        label={name}
        value={percent / 100}
        held={partOf(held_nano, allowedNano(budget))}
        marks={thresholds.filter(mark => mark < 100).map(mark => mark / 100)}
        words={`${percent} % spent`}
      />
      <span className="figures w-12 shrink-0 text-end text-xs">{`${percent}\u00a0%`}</span>
    </span>
  )
}
