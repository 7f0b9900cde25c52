// Every event of a task as it came, with its number: to inspect, not to read.
import { ChevronRight } from 'lucide-react'
import type { TaskEvent } from '../../../../../src/protocols/client/task/task-shape.ts'
import { CopyButton } from '../../../parts/actions/copy-button.tsx'
import { Card } from '../../../parts/shown/card.tsx'
import { Time } from '../../../parts/shown/time.tsx'
import type { Followed } from '../live/followed.ts'

/** More of them are in the copy. */
const MOST = 500

export function EventList({ events, missing }: Pick<Followed, 'events' | 'missing'>) {
  const shown = events.slice(-MOST)
  const last = events.at(-1)?.sequence ?? 0
  return (
    <Card
      isFlush
      title={`Events 1 to ${last.toLocaleString()}`}
      actions={
        <span className="flex items-center gap-2">
          <span className={`text-sm ${missing.length === 0 ? 'text-good' : 'text-wrong'}`}>
            {missing.length === 0 ? 'without gaps' : 'with gaps'}
          </span>
          <CopyButton text={events.map(event => JSON.stringify(event)).join('\n')} what="the events" />
        </span>
      }
    >
      {shown.length < events.length && (
        <p className="border-b border-line px-4 py-2 text-sm text-soft">The last {MOST} of them.</p>
      )}
      <ol aria-label="Events">
        {shown.map(event => (
          <OneEvent key={event.sequence} event={event} />
        ))}
      </ol>
    </Card>
  )
}

function OneEvent({ event }: { readonly event: TaskEvent }) {
  return (
    <li className="border-b border-line last:border-0">
      <details className="group">
        <summary className="flex min-h-8 list-none items-center gap-3 px-4 py-1 font-mono text-xs hover:bg-hover">
          <ChevronRight size={12} aria-hidden="true" className="shrink-0 text-soft group-open:rotate-90" />
          <span className="figures w-8 shrink-0 text-end text-soft">{event.sequence}</span>
          <span className="shrink-0 text-soft max-sm:hidden">
            <Time at={event.at} form="clock" />
          </span>
          <span className="w-16 shrink-0 font-medium">{event.kind}</span>
          <span className="min-w-0 truncate text-soft">{wordsOf(event)}</span>
        </summary>
        <pre className="overflow-x-auto bg-sunken px-4 py-2 font-mono text-xs whitespace-pre-wrap wrap-anywhere">
          {JSON.stringify(event, undefined, 2)}
        </pre>
      </details>
    </li>
  )
}

/** One line; what a newer server may tell besides has no words here. */
function wordsOf(event: TaskEvent): string {
  switch (event.kind) {
    case 'state':
      return [event.state, event.reason].filter(Boolean).join(' · ')
    case 'progress':
      return `${event.step} · ${event.event} · ${event.say}`
    case 'step':
      return `${event.step} begins${event.attempt > 1 ? `, attempt ${event.attempt}` : ''}`
    case 'artifact':
      return `${event.name}${event.append ? ' +' : ''} ${(event.parts[0]?.text ?? '').slice(0, 200)}`
    case 'message':
      return event.message_id
    default:
      return ''
  }
}
