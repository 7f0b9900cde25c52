// Where a client of a stream was when it lost its connection.
import { fault } from '../../../platform/faults.ts'

/** The number in a Last-Event-ID header; undefined without one. What is no number of ours is refused. */
export function lastEventId(header: string | string[] | undefined): number | undefined {
  if (header === undefined || header === '') return undefined
  if (typeof header === 'string' && /^\d{1,15}$/.test(header)) return Number(header)
  throw fault('invalid_input', {
    reason: 'bad_event_id',
    say: 'Last-Event-ID must be the id of an event of this stream, which is a whole number.',
  })
}
