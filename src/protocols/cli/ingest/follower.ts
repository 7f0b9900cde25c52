// Follows all ingestions of a run by ONE loop of follow_ingestions. What has been seen is a number for each ingestion,
// moved only by an answer that arrived: after a lost one the loop asks from the same place again.
import { asFault } from '../../../platform/faults.ts'
import type { TenantCaller } from '../acting-in.ts'
import { patiently, type Patience } from './patiently.ts'

export interface IngestionEvent {
  readonly ingestion_id: string
  readonly sequence: number
  readonly at: string
  readonly kind: string
  readonly data: Readonly<Record<string, unknown>>
}

export interface Follower {
  /** Hands on every event once and in order; resolves with the last one. */
  follow(ingestionId: string, onEvent: (event: IngestionEvent) => void): Promise<IngestionEvent>
}

interface Followed {
  after: number
  readonly onEvent: (event: IngestionEvent) => void
  readonly last: PromiseWithResolvers<IngestionEvent>
}

export const LAST_KINDS: ReadonlySet<string> = new Set(['published', 'unchanged', 'superseded', 'failed'])
/** As many as one call takes. */
const MOST = 100
/** The longest that one call waits for news. */
const WAIT_SECONDS = 20

export interface FollowerDeps {
  readonly caller: Pick<TenantCaller, 'run'>
  /** Ends the following; the ingestions go on. */
  readonly signal: AbortSignal
  readonly patience?: Patience
}

export function follower({ caller, signal, patience }: FollowerDeps): Follower {
  const followed = new Map<string, Followed>()
  let waiting: AbortController | undefined
  let isRunning = false

  async function loop(): Promise<void> {
    isRunning = true
    try {
      while (followed.size > 0) for (const event of await news()) take(event)
    } catch (error) {
      for (const { last } of followed.values()) last.reject(asFault(error))
      followed.clear()
    } finally {
      isRunning = false
    }
  }

  /** Nothing, early, when another ingestion joined: then the question has changed. */
  async function news(): Promise<readonly IngestionEvent[]> {
    const question = new AbortController()
    waiting = question
    const either = AbortSignal.any([signal, question.signal])
    const asked = [...followed].slice(0, MOST)
    const input = {
      ingestions: asked.map(([ingestion_id, { after }]) => ({ ingestion_id, after })),
      wait_seconds: WAIT_SECONDS,
    }
    try {
      const ask = () => caller.run('follow_ingestions', input, either)
      const { events } = await patiently(ask, { ...patience, signal: either })
      return events as IngestionEvent[]
    } catch (error) {
      if (question.signal.aborted && !signal.aborted) return []
      throw error
    } finally {
      waiting = undefined
      // Where there are more than one call takes, each gets its turn.
      for (const [id, one] of asked) if (followed.size > MOST && followed.delete(id)) followed.set(id, one)
    }
  }

  function take(event: IngestionEvent): void {
    const one = followed.get(event.ingestion_id)
    if (one === undefined || event.sequence <= one.after) return
    one.after = event.sequence
    one.onEvent(event)
    if (!LAST_KINDS.has(event.kind)) return
    followed.delete(event.ingestion_id)
    one.last.resolve(event)
  }

  return {
    follow(ingestionId, onEvent) {
      const last = Promise.withResolvers<IngestionEvent>()
      followed.set(ingestionId, { after: 0, onEvent, last })
      if (isRunning) waiting?.abort()
      else void loop()
      return last.promise
    },
  }
}
