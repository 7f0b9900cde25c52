// `ingest --watch`: after the first pass, takes in what appears or changes until it is told to stop. Every look goes
// through all files, as the first pass did; hints of the file system only say when.
import type { Batch } from './run-batch.ts'
import { findSources } from './sources/find-sources.ts'
import { FIRST_LOOK, settledChanges, stateOf, type Look } from './sources/settled-changes.ts'
import { isUrl, type Source } from './sources/source.ts'
import { watchFolders } from './sources/watch-folders.ts'

/** Between a hint and the look it causes: most changes come in handfuls. */
const AFTER_HINT_MS = 300
/** Between two looks at a file that may still be written. */
const SETTLING_MS = 600
/** The floor: without any hint. */
const FLOOR_MS = 30_000
/** Looking takes at most a fifth of the time, whatever the number of files. */
const REST_FACTOR = 4

export interface WatchDeps {
  /** Takes sources in and tells about it. */
  readonly takeIn: (sources: readonly Source[]) => Promise<Batch>
  readonly onGone: (label: string) => void
  /** As in the first pass: the keys are to be the same. */
  readonly keyPrefix: string | undefined
  readonly note: (text: string) => void
  readonly signal: AbortSignal
}

/** The arguments that can change: files, folders and patterns. */
export function watchable(args: readonly string[]): string[] {
  return args.filter(argument => argument !== '-' && !isUrl(argument))
}

/** Resolves when the signal stops it. `first` is what the first pass did with the same arguments. */
export async function watchSources(args: readonly string[], first: Batch, deps: WatchDeps): Promise<void> {
  const paths = watchable(args)
  const known = new Map<string, string>()
  const learn = ({ outcomes }: Batch): void => {
    for (const { source } of outcomes) if (source.kind === 'file') known.set(source.label, stateOf(source))
  }
  learn(first)
  const alarm = alarmClock(deps.signal)
  await watchFolders(paths, {
    signal: deps.signal,
    onHint: alarm.ring,
    onProblem: (folder, error) =>
      deps.note(
        `no hints for ${folder} (${error.code ?? error.message}): looking every ${FLOOR_MS / 1000} s`,
      ),
  })
  let look: Look = FIRST_LOOK
  let rest = AFTER_HINT_MS
  while (await alarm.wait(isOpen(look) ? SETTLING_MS : FLOOR_MS, rest)) {
    const started = performance.now()
    const found = await findSources(paths, { mayMiss: true, keyPrefix: deps.keyPrefix }).catch(
      (error: unknown) => {
        deps.note(String(error instanceof Error ? error.message : error))
      },
    )
    rest = Math.min(Math.max(AFTER_HINT_MS, REST_FACTOR * (performance.now() - started)), FLOOR_MS)
    if (found === undefined) continue
    const changes = settledChanges(known, look, found)
    look = changes.look
    for (const label of changes.gone) {
      known.delete(label)
      deps.onGone(label)
    }
    if (changes.ready.length > 0) learn(await taken(changes.ready, deps))
  }
}

/** What a server that is away leaves undone is found again by the next look. */
async function taken(sources: readonly Source[], { takeIn, note }: WatchDeps): Promise<Batch> {
  const batch = await takeIn(sources)
  if (batch.problem === undefined) return batch
  if (batch.problem.code !== 'unavailable') throw batch.problem
  note(`${batch.problem.say} Trying again.`)
  return batch
}

function isOpen({ unsettled, missing }: Look): boolean {
  return unsettled.size + missing.size > 0
}

interface AlarmClock {
  readonly ring: () => void
  /** After `ms`, or sooner when it rings, but not before `atLeastMs`; false once the signal has aborted. */
  wait(ms: number, atLeastMs: number): Promise<boolean>
}

function alarmClock(signal: AbortSignal): AlarmClock {
  let hasRung = false
  let wake = (): void => undefined
  signal.addEventListener('abort', () => wake(), { once: true })
  const sleep = async (ms: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    wake = resolve
    const timer = setTimeout(resolve, ms)
    if (signal.aborted) resolve()
    await promise
    clearTimeout(timer)
    wake = () => undefined
  }
  return {
    ring() {
      hasRung = true
      wake()
    },
    async wait(ms, atLeastMs) {
      const end = performance.now() + ms
      const earliest = performance.now() + atLeastMs
      while (!signal.aborted) {
        const now = performance.now()
        if (now >= end || (hasRung && now >= earliest)) break
        await sleep(hasRung ? earliest - now : end - now)
      }
      hasRung = false
      return !signal.aborted
    },
  }
}
