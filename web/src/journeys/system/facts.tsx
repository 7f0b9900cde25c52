// What runs: version, role, database, since when.
import type { ReactNode } from 'react'
import type { Output } from '../../api/call.ts'
import { Card } from '../../parts/shown/card.tsx'
import { Time } from '../../parts/shown/time.tsx'

export function Facts({ status }: { readonly status: Output<'get_system_status'> }) {
  const { engine, version, role, started_at, worker_seen_seconds: seen, processes } = status
  const kind = engine.kind === 'embedded' ? 'embedded' : 'PostgreSQL'
  return (
    <Card title="This process">
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 md:grid-cols-3 lg:grid-cols-5">
        <Fact name="Gatehouse">{version}</Fact>
        <Fact name="Role">{role}</Fact>
        <Fact name="Since">
          <Time at={started_at} form="whole" />
        </Fact>
        <Fact name="Database">
          {kind} {engine.version}
          {engine.vector !== null && <span className="text-soft">, pgvector {engine.vector}</span>}
        </Fact>
        <Fact name="Workers last seen">{seen === null ? 'never, or not known' : secondsWords(seen)}</Fact>
        {processes !== null && <Fact name="Processes">{processes.toLocaleString()}</Fact>}
      </dl>
    </Card>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-soft">{name}</dt>
      <dd className="wrap-anywhere">{children}</dd>
    </div>
  )
}

/** The supervisor stamps every second: what is younger is now. */
function secondsWords(seconds: number): string {
  if (seconds < 5) return 'now'
  return seconds < 120 ? `${Math.round(seconds)} s ago` : `${Math.round(seconds / 60)} min ago`
}
