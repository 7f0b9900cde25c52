// A check while it runs: how far it is, what held so far.
import { Banner } from '../../parts/shown/banner.tsx'
import { Card } from '../../parts/shown/card.tsx'
import { Time } from '../../parts/shown/time.tsx'
import { Waiting } from '../../parts/shown/waiting.tsx'
import { Attempts } from './attempts.tsx'
import { countsOf, countWords, grouped } from './grouped.ts'
import type { LiveCheck } from './use-check.ts'

const STAGES = {
  preparing: 'Two throw-away tenants are being made and filled.',
  attacking: 'The attacks run, one after the other.',
  removing: 'The throw-away tenants are being removed.',
  ended: 'It has ended.',
}

export function RunningCheck({ live }: { readonly live: LiveCheck | undefined }) {
  if (live === undefined) return <Waiting what="the check" />
  const { planned, outcomes, stage, startedAt, problem } = live
  const groups = grouped(planned, outcomes)
  const counts = countsOf(groups.flatMap(({ attempts }) => attempts))
  const now = stage === 'attacking' ? planned[outcomes.length] : undefined
  const share = planned.length === 0 ? 0 : outcomes.length / planned.length
  return (
    <div className="space-y-4">
      <Card title="A check runs">
        <p role="status">
          {STAGES[stage]} <span className="text-soft">You may go away: it ends by itself.</span>
        </p>
        <div
          role="progressbar"
          aria-label="Attacks done"
          aria-valuemin={0}
          aria-valuemax={planned.length}
          aria-valuenow={outcomes.length}
          aria-valuetext={`${outcomes.length} of ${planned.length} attacks`}
          className="mt-3 h-2 overflow-hidden rounded-full bg-line"
        >
          <div className="h-full bg-accent transition-[width]" style={{ width: `${share * 100}%` }} />
        </div>
        <p className="figures mt-1.5 text-xs text-soft">
          {outcomes.length} of {planned.length} attacks; {countWords(counts)}; began{' '}
          <Time at={startedAt} form="clock" />
        </p>
        {now !== undefined && (
          <p className="mt-2 text-sm">
            <span className="text-soft">Now:</span> {now.title}
          </p>
        )}
        {problem !== undefined && (
          <div className="mt-3">
            <Banner kind="warn">
              The connection is lost; what you see may be old. Trying again. {problem.message}
            </Banner>
          </div>
        )}
      </Card>
      <Attempts groups={groups} current={now?.group} />
    </div>
  )
}
