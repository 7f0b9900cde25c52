// The embedded Postgres seen from the main thread: one session, handed round, on a worker thread.
import { Worker } from 'node:worker_threads'
import type { Engine, Session, WireResult, WireRow } from './engine.ts'
import type { PgliteAnswer, PgliteNotification, PgliteRequest, PgliteWorkerData } from './pglite-worker.ts'
import { fault } from '../../faults.ts'
import { siblingFile } from '../../sibling-file.ts'

export interface PgliteEngine extends Engine {
  /** The whole cluster as a tar file; a later engine starts from it by `snapshot`. */
  dump(): Promise<Uint8Array<ArrayBuffer>>
}

type WithoutId<Request> = Request extends { id: number } ? Omit<Request, 'id'> : never

/** Starts the worker; resolves when the cluster is open. */
export async function pgliteEngine(data: PgliteWorkerData): Promise<PgliteEngine> {
  const wire = await openWorker(data)
  const turns = turnstile()
  return {
    kind: 'pglite',
    async acquire(signal, { isBackground = false } = {}) {
      return session(wire, await turns.enter(signal, isBackground))
    },
    async listen(channel, { heard, listening }) {
      const stop = wire.onNotification(told => void (told.channel === channel && heard(told.payload)))
      // In a turn of its own: inside somebody's transaction it would be undone with it.
      const leave = await turns.enter()
      await wire.ask({ kind: 'listen', channel }).finally(leave)
      listening()
      return { close: async () => stop() }
    },
    dump: () => wire.ask({ kind: 'dump' }) as Promise<Uint8Array<ArrayBuffer>>,
    async close() {
      // Behind all others, so that nobody is left waiting.
      await turns.enter(undefined, true)
      await wire.close()
    },
  }
}

function session(wire: Wire, leave: () => void): Session {
  const pending = new Set<Promise<unknown>>()
  const ask = (request: WithoutId<PgliteRequest>): Promise<unknown> => {
    const answer = wire.ask(request)
    pending.add(answer)
    const settled = (): void => void pending.delete(answer)
    answer.then(settled, settled)
    return answer
  }
  return {
    pid: 0,
    send: ({ text, values = [] }) => ask({ kind: 'query', text, values }) as Promise<WireResult>,
    script: text => ask({ kind: 'script', text }) as Promise<WireRow[]>,
    // A running query cannot be stopped in this engine: the caller goes on, the result is discarded.
    cancel: () => Promise.resolve(),
    release: broken => {
      if (!broken) return leave()
      void Promise.allSettled(pending)
        .then(() => wire.ask({ kind: 'script', text: 'rollback' }))
        .then(leave, leave)
    },
  }
}

interface Wire {
  ask(request: WithoutId<PgliteRequest>): Promise<unknown>
  /** Returns what takes the listener off again. */
  onNotification(listener: (told: PgliteNotification) => void): () => void
  close(): Promise<void>
}

async function openWorker(data: PgliteWorkerData): Promise<Wire> {
  const worker = new Worker(siblingFile(import.meta.url, './pglite-worker.ts'), { workerData: data })
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let lastId = 0
  let lost: Error | undefined
  const ready = Promise.withResolvers<unknown>()
  waiting.set(0, ready)
  const listeners = new Set<(told: PgliteNotification) => void>()
  worker.on('message', (answer: PgliteAnswer | PgliteNotification) => {
    if ('channel' in answer) {
      for (const listener of listeners) listener(answer)
      return
    }
    const waiter = waiting.get(answer.id)
    waiting.delete(answer.id)
    if (answer.ok) waiter?.resolve(answer.value)
    else waiter?.reject(Object.assign(new Error(String(answer.error['message'])), answer.error))
  })
  const onLost = (error: Error): void => {
    lost = error
    for (const waiter of waiting.values()) waiter.reject(error)
    waiting.clear()
  }
  worker.on('error', onLost)
  worker.on('exit', () => onLost(fault('unavailable', { detail: 'the embedded database has stopped' })))
  await ready.promise
  const ask = (request: WithoutId<PgliteRequest>): Promise<unknown> => {
    if (lost !== undefined) return Promise.reject(lost)
    const waiter = Promise.withResolvers<unknown>()
    const id = ++lastId
    waiting.set(id, waiter)
    worker.postMessage({ ...request, id })
    return waiter.promise
  }
  return {
    ask,
    onNotification(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async close() {
      await ask({ kind: 'close' })
      await worker.terminate()
    },
  }
}

interface Waiter {
  pass(): void
}

/** Background work gives way to so many calls at most, before it gets a turn. */
const PATIENCE = 20

/** Lets callers through one at a time, in order, those who are waited for before background work. */
function turnstile(): { enter(signal?: AbortSignal, isBackground?: boolean): Promise<() => void> } {
  const calls: Waiter[] = []
  const background: Waiter[] = []
  let isTaken = false
  let passedOver = 0
  const next = (): void => {
    const isBackgroundDue = background.length > 0 && (calls.length === 0 || passedOver >= PATIENCE)
    passedOver = isBackgroundDue || background.length === 0 ? 0 : passedOver + 1
    const waiter = (isBackgroundDue ? background : calls).shift()
    if (waiter === undefined) isTaken = false
    else waiter.pass()
  }
  const turn = (): (() => void) => {
    let isOver = false
    return () => {
      if (!isOver) next()
      isOver = true
    }
  }
  return {
    async enter(signal, isBackground = false) {
      if (signal?.aborted) throw fault('cancelled')
      if (!isTaken) {
        isTaken = true
        return turn()
      }
      const queue = isBackground ? background : calls
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const waiter = { pass: resolve }
      queue.push(waiter)
      const onAbort = (): void => {
        // Who gives up waiting leaves the queue; whose turn has come already takes it and finds out then.
        const place = queue.indexOf(waiter)
        if (place < 0) return
        queue.splice(place, 1)
        reject(fault('cancelled'))
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      try {
        await promise
        return turn()
      } finally {
        signal?.removeEventListener('abort', onAbort)
      }
    },
  }
}
