// The attacks, group by group: what each tries, and what came of it. Open where somebody has to look.
import { ChevronRight } from 'lucide-react'
import { Badge, type Tone } from '../../parts/shown/badge.tsx'
import { durationWords } from '../../parts/shown/time.tsx'
import { type Attempt, type Counts, countWords, type Group } from './grouped.ts'

const TITLES: Readonly<Record<string, string>> = {
  credentials: 'Credentials: forged, stolen, foreign, worn out',
  requests: 'Requests: malformed, oversized, from other sites',
  objects: 'Objects of the other tenant, by every operation there is',
  search: 'Search: words and statistics of the other tenant',
  database: 'The database, with the application’s own login',
  answers: 'Answers: secrets and words of the inside, in all of them',
}

export interface AttemptsProps {
  readonly groups: readonly Group[]
  /** The group whose attacks are under way: it is open while they are. */
  readonly current?: string | undefined
}

export function Attempts({ groups, current }: AttemptsProps) {
  return (
    <div className="divide-y divide-line rounded-lg border border-line bg-card">
      {groups.map(({ name, attempts, counts }) => (
        // Anew when it becomes alarming, or its turn comes: then it opens by itself.
        <details
          key={`${name} ${isAlarming(counts) || name === current}`}
          open={isAlarming(counts) || name === current}
          className="group"
        >
          <summary className="flex min-h-11 flex-wrap items-center gap-x-2 gap-y-1 px-3 py-2 hover:bg-hover">
            <ChevronRight
              size={14}
              aria-hidden="true"
              className="shrink-0 text-soft transition-transform group-open:rotate-90"
            />
            <h3 className="min-w-0 flex-1 basis-60 text-sm font-medium">{TITLES[name] ?? name}</h3>
            <span
              className={`figures text-xs max-sm:w-full max-sm:pl-5.5 ${isAlarming(counts) ? 'font-medium text-wrong' : 'text-soft'}`}
            >
              {countWords(counts)}
            </span>
          </summary>
          <ul className="divide-y divide-line border-t border-line">
            {attempts.map(attempt => (
              <Row key={`${attempt.id} ${attempt.title}`} attempt={attempt} />
            ))}
          </ul>
        </details>
      ))}
    </div>
  )
}

function isAlarming({ found, broke }: Counts): boolean {
  return found + broke > 0
}

const SHOWN = {
  held: ['good', 'held'],
  found: ['wrong', 'found'],
  not_run: ['plain', 'not run'],
  broke: ['warn', 'broke'],
} as const satisfies Record<string, readonly [Tone, string]>

function Row({ attempt: { id, title, outcome } }: { readonly attempt: Attempt }) {
  const [tone, words] = outcome === undefined ? (['plain', 'to come'] as const) : SHOWN[outcome.outcome]
  return (
    <li className="grid grid-cols-[4.5rem_minmax(0,1fr)] gap-x-3 px-3 py-2 text-sm sm:grid-cols-[4.5rem_minmax(0,1fr)_auto]">
      <span>
        <Badge tone={tone}>{words}</Badge>
      </span>
      <span className="min-w-0">
        <span className="wrap-anywhere">{title}</span>
        {outcome !== undefined && (
          <span
            className={`block wrap-anywhere ${outcome.outcome === 'found' ? 'font-medium text-wrong' : 'text-soft'}`}
          >
            {outcome.detail}
          </span>
        )}
      </span>
      <span className="figures text-xs text-soft max-sm:col-start-2 sm:text-end">
        <span className="font-mono">{id}</span>
        {outcome !== undefined && outcome.outcome !== 'not_run' && (
          <span className="block max-sm:ml-2 max-sm:inline">{durationWords(outcome.ms)}</span>
        )}
      </span>
    </li>
  )
}
