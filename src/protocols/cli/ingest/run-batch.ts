// Takes sources in, a few at a time: each is sent, then followed to its end. One that fails does not stop the others;
// what would stop all of them (no server, no access) ends the run.
import { asFault, type Fault } from '../../../platform/faults.ts'
import type { TenantCaller } from '../acting-in.ts'
import { follower, type IngestionEvent } from './follower.ts'
import { outcomeOfAnswer, outcomeOfEvent, outcomeOfFault, type Outcome } from './outcome.ts'
import type { Patience } from './patiently.ts'
import type { DocumentSettings } from './settings.ts'
import type { Source } from './sources/source.ts'
import { submit } from './submit.ts'

/** Sources between the first byte sent and their last event. */
export const IN_FLIGHT = 8

/** Who is told while a run goes on; never throws. */
export interface Watcher {
  started(source: Source): void
  sent(source: Source, bytes: number): void
  event(source: Source, event: IngestionEvent): void
  ended(outcome: Outcome): void
}

export interface BatchDeps {
  readonly caller: Pick<TenantCaller, 'run'>
  readonly settings: DocumentSettings
  readonly standardInput: () => AsyncIterable<Buffer>
  readonly watcher: Watcher
  /** Starts nothing more, follows nothing more; what was accepted goes on in the server. */
  readonly signal: AbortSignal
  readonly patience?: Patience
}

export interface Batch {
  readonly outcomes: readonly Outcome[]
  /** Accepted by the server, but not followed to the end. */
  readonly goingOn: number
  /** What ended the run early, other than the signal. */
  readonly problem?: Fault
}

const STOPS_ALL = new Set(['unavailable', 'unauthenticated', 'forbidden'])

/** Never rejects for what happens to a source; resolves when nothing of this process is under way any more. */
export async function runBatch(sources: readonly Source[], deps: BatchDeps): Promise<Batch> {
  const failed = new AbortController()
  const signal = AbortSignal.any([deps.signal, failed.signal])
  const { follow } = follower({ ...deps, signal })
  const outcomes: Outcome[] = []
  const accepted = new Set<Source>()
  let next = 0
  let problem: Fault | undefined

  async function takeIn(source: Source): Promise<Outcome> {
    const { watcher } = deps
    watcher.started(source)
    const answer = await submit(source, { ...deps, signal, onSent: bytes => watcher.sent(source, bytes) })
    if (answer.ingestion_id === undefined) return outcomeOfAnswer(source, answer)
    accepted.add(source)
    const last = await follow(answer.ingestion_id, event => watcher.event(source, event))
    return outcomeOfEvent(source, last)
  }

  async function work(): Promise<void> {
    for (let source = sources[next++]; source !== undefined && !signal.aborted; source = sources[next++]) {
      const outcome = await attempt(source)
      if (outcome === undefined) continue
      accepted.delete(source)
      outcomes.push(outcome)
      deps.watcher.ended(outcome)
    }
  }

  async function attempt(source: Source): Promise<Outcome | undefined> {
    try {
      return await takeIn(source)
    } catch (error) {
      if (signal.aborted) return undefined
      if (!STOPS_ALL.has(asFault(error).code)) return outcomeOfFault(source, error)
      problem = asFault(error)
      failed.abort()
      return undefined
    }
  }

  await Promise.all(Array.from({ length: IN_FLIGHT }, work))
  return { outcomes, goingOn: accepted.size, ...(problem === undefined ? {} : { problem }) }
}
