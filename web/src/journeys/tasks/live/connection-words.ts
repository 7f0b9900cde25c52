// What is said of a connection: that it is lost, and once it is back, whether anything was missed. Pure.
import type { Connection } from '../../../api/follow.ts'
import type { Followed } from './followed.ts'

/** What has become of the connection since the task is followed. */
export interface Told {
  /** The last event before the connection was lost; undefined while it never was. */
  readonly lostAfter: number | undefined
  readonly isLost: boolean
}

export const NEVER_LOST: Told = { lostAfter: undefined, isLost: false }

/** A second loss before it was back is the same one. */
export function toldAfter(before: Told, connection: Connection, lastSequence: number): Told {
  if (connection.state === 'reconnecting')
    return before.isLost ? before : { lostAfter: lastSequence, isLost: true }
  if (!before.isLost || connection.state === 'connecting') return before
  return { ...before, isLost: false }
}

export interface ConnectionWords {
  readonly tone: 'plain' | 'good' | 'warn' | 'wrong'
  readonly words: string
}

/** Undefined where there is nothing to tell: it is live, or over, and was never lost. */
export function connectionWords(
  connection: Connection,
  { lostAfter }: Told,
  { view, missing }: Pick<Followed, 'missing'> & { readonly view: { readonly last_sequence: number } },
): ConnectionWords | undefined {
  if (connection.state === 'failed') return { tone: 'wrong', words: connection.problem.message }
  if (connection.state === 'reconnecting')
    return {
      tone: 'warn',
      words: `Connection lost, trying again (${connection.attempt}). The task goes on without you.`,
    }
  if (lostAfter === undefined || connection.state === 'connecting') return undefined
  if (missing.length > 0) {
    const ranges = missing.map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`))
    return {
      tone: 'wrong',
      words: `Back, but the server did not tell the events ${ranges.join(', ')} again.`,
    }
  }
  const { last_sequence } = view
  const since = last_sequence - lostAfter
  const came =
    since === 0 ? 'nothing has happened since' : `${since} ${since === 1 ? 'event' : 'events'} since`
  return {
    tone: 'good',
    words: `Back: nothing was missed. Events 1 to ${last_sequence} are all here, ${came}.`,
  }
}
