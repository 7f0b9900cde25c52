// The files that are brought, and who looks at them. Lookers hear of changes in steps: hundreds of files make thousands of
// events.
import type { Connection } from '../../../api/follow.ts'
import { isUnsent, type BroughtFile } from './brought-file.ts'

const STEP_MS = 100

export interface BringState {
  readonly files: readonly BroughtFile[]
  readonly connection: Connection
}

export interface BroughtFiles {
  all(): readonly BroughtFile[]
  get(key: string): BroughtFile | undefined
  ofIngestion(ingestionId: string): BroughtFile | undefined
  put(file: BroughtFile): void
  /** Nothing for a key that is gone. */
  change(key: string, how: (file: BroughtFile) => BroughtFile): void
  remove(key: string): void
  connected(connection: Connection): void
  readonly subscribe: (listener: () => void) => () => void
  /** The same object until something has changed. */
  readonly state: () => BringState
}

export function broughtFiles(): BroughtFiles {
  const files = new Map<string, BroughtFile>()
  const keys = new Map<string, string>()
  const listeners = new Set<() => void>()
  let connection: Connection = { state: 'over' }
  let shown: BringState = { files: [], connection }
  let step: ReturnType<typeof setTimeout> | undefined
  let toldAt = Number.NEGATIVE_INFINITY

  const tell = (): void => {
    // The first of them is seen at once.
    const rest = Math.max(0, toldAt + STEP_MS - performance.now())
    step ??= setTimeout(() => {
      step = undefined
      toldAt = performance.now()
      shown = { files: [...files.values()], connection }
      warnBeforeLeaving(shown.files.some(isUnsent))
      for (const listener of listeners) listener()
    }, rest)
  }
  const put = (file: BroughtFile): void => {
    files.set(file.key, file)
    if (file.ingestionId !== undefined) keys.set(file.ingestionId, file.key)
    tell()
  }
  return {
    all: () => [...files.values()],
    get: key => files.get(key),
    ofIngestion: id => files.get(keys.get(id) ?? ''),
    put,
    change(key, how) {
      const file = files.get(key)
      if (file !== undefined) put(how(file))
    },
    remove(key) {
      files.delete(key)
      tell()
    },
    connected(next) {
      connection = next
      tell()
    },
    subscribe: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    state: () => shown,
  }
}

/** The browser asks whoever closes the page while something would be lost. */
function warnBeforeLeaving(isNeeded: boolean): void {
  if (isNeeded) window.addEventListener('beforeunload', askBeforeLeaving)
  else window.removeEventListener('beforeunload', askBeforeLeaving)
}

function askBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault()
}
