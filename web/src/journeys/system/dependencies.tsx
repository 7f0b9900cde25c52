// What the deployment depends on, and whether it answers.
import type { Output } from '../../api/call.ts'
import { Badge, type Tone } from '../../parts/shown/badge.tsx'
import { type Column, Table } from '../../parts/shown/table.tsx'
import { durationWords, Time } from '../../parts/shown/time.tsx'

type Dependency = Output<'get_system_status'>['dependencies'][number]

const STATES: Record<Dependency['state'], readonly [Tone, string]> = {
  ok: ['good', 'answers'],
  away: ['wrong', 'away'],
  paused: ['wrong', 'paused'],
  trying: ['warn', 'trying'],
}

const PURPOSES: Record<Dependency['for'], string> = {
  data: 'all data',
  rates: 'rates, counted together',
  embeddings: 'embeddings',
  answers: 'answers of agents',
}

const COLUMNS: readonly Column<Dependency>[] = [
  { key: 'name', head: 'Name', cell: ({ name }) => <span className="font-medium">{name}</span> },
  { key: 'for', head: 'For', cell: one => PURPOSES[one.for] },
  {
    key: 'state',
    head: 'State',
    cell: ({ state, took_ms, last_failure }) => {
      // A model's server that nobody has called yet has said nothing.
      const [tone, words] =
        state === 'ok' && took_ms === null ? (['plain', 'no trouble'] as const) : STATES[state]
      return (
        <span className="flex flex-wrap items-center gap-2">
          <Badge tone={tone}>{words}</Badge>
          {last_failure !== null && (
            <span className="text-xs text-soft">
              last failure <Time at={last_failure.at} />: {last_failure.reason.replaceAll('_', ' ')}
            </span>
          )}
        </span>
      )
    },
  },
  {
    key: 'took',
    head: 'Answered in',
    isFigure: true,
    isMinor: true,
    cell: ({ took_ms }) =>
      took_ms === null ? <span className="text-soft">not called</span> : durationWords(took_ms),
  },
]

export function Dependencies({ dependencies }: { readonly dependencies: readonly Dependency[] }) {
  return (
    <div className="space-y-2">
      <h2 className="text-base font-semibold">Dependencies</h2>
      <Table
        caption="Dependencies"
        rows={dependencies}
        columns={COLUMNS}
        keyOf={one => `${one.name} ${one.for}`}
      />
      {dependencies.some(({ took_ms }) => took_ms === null) && <Uncalled />}
    </div>
  )
}

function Uncalled() {
  return (
    <p className="text-xs text-soft">
      Servers of models are not called to look at them, which may cost; what is told of them is how the last
      calls of this process went.
    </p>
  )
}
