// Follows files on their way in over one stream, however many there are: each is named with the last event that was seen of
// it. A browser has few connections to a server, and a page that took them all could do nothing else.
import type { IngestionEvent } from '../../../../api/operations.gen.ts'
import { follow, type Connection } from '../../../../api/follow.ts'
import { isEnd } from '../brought-file.ts'

/** So many does the server take at once; the others are followed when some of these have ended. */
const AT_ONCE = 100
/** Files come one after the other: the stream is not opened anew for each. */
const GATHER_MS = 700

export interface IngestionFollower {
  add(ingestionId: string): void
  /** After `failed`: from where each stands. */
  again(): void
  close(): void
}

export interface IngestionFollowerDeps {
  readonly onEvent: (event: IngestionEvent) => void
  readonly onConnection: (connection: Connection) => void
  /** The server tells nothing of these: they are not shown to the caller (any more). */
  readonly onUnheard: (ingestionIds: readonly string[]) => void
}

export function ingestionFollower({
  onEvent,
  onConnection,
  onUnheard,
}: IngestionFollowerDeps): IngestionFollower {
  const open = new Map<string, number>()
  let stream: { readonly abort: AbortController; readonly ids: readonly string[] } | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function start(): void {
    timer = undefined
    stream?.abort.abort(new Error('another stream takes its place'))
    const ids = [...open.keys()].slice(0, AT_ONCE)
    const abort = new AbortController()
    stream = ids.length === 0 ? undefined : { abort, ids }
    if (stream === undefined) return
    const { signal } = abort
    void follow(
      'follow_ingestions',
      { ingestions: ids.map(id => ({ ingestion_id: id, after: open.get(id) ?? 0 })) },
      {
        signal,
        onOutput: ({ events }) => {
          if (!signal.aborted) for (const event of events) take(event)
        },
        onConnection: connection => {
          if (signal.aborted) return
          onConnection(connection)
          if (connection.state === 'over') endOf(ids)
        },
      },
    )
  }

  function take(event: IngestionEvent): void {
    const { ingestion_id, sequence } = event
    const seen = open.get(ingestion_id)
    if (seen === undefined || sequence <= seen) return
    if (isEnd(event)) open.delete(ingestion_id)
    else open.set(ingestion_id, sequence)
    onEvent(event)
  }

  function endOf(ids: readonly string[]): void {
    const unheard = ids.filter(id => open.delete(id))
    if (unheard.length > 0) onUnheard(unheard)
    stream = undefined
    if (open.size > 0) start()
  }

  return {
    add(ingestionId) {
      if (open.has(ingestionId)) return
      open.set(ingestionId, 0)
      if (stream === undefined || stream.ids.length < AT_ONCE) timer ??= setTimeout(start, GATHER_MS)
    },
    again: start,
    close() {
      clearTimeout(timer)
      open.clear()
      stream?.abort.abort(new Error('nobody follows any more'))
    },
  }
}
