// The world outside of the tasks under test: what their steps do to it, and places at which they wait until the test lets
// them go on. It sees which process came when, so that it knows where each task was when its process died.
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** What a step sends. */
export interface Asked {
  /** The task's question, which is its name in a test. */
  readonly task: string
  /** `before 2`, `in 2`, `amid 2`, `after 2`, `end`: a place. `effect 2`: an effect of step 2. */
  readonly at: string
  readonly pid: number
  /** Of an effect: the step's key. */
  readonly key?: string
}

export interface Seen extends Asked {
  /** Milliseconds since 1970. */
  readonly when: number
}

export interface EffectServer {
  readonly url: string
  /** All that was asked, in order. */
  readonly seen: readonly Seen[]
  /** The next time the task comes to the place it waits there. */
  holdAt(task: string, at: string): void
  /** Where they wait now, by task. */
  held(): ReadonlyMap<string, Seen>
  /** When who waited there was gone, by task: its process or its run had ended. */
  gone(): ReadonlyMap<string, number>
  /** Lets all that wait go on, also those whose process sleeps. */
  release(): void
  /** How long every answer takes. */
  setPace(ms: number): void
  /** Whether effects are refused, as by a provider that is away. */
  setDown(isDown: boolean): void
  close(): Promise<void>
}

/** What an effect answers: the same for a step of a task whoever asks, so that every run writes the same text. */
export function saidOf(task: string, at: string): string {
  return createHash('sha256').update(`${task} ${at}`).digest('hex').slice(0, 12)
}

export async function startEffects(): Promise<EffectServer> {
  const seen: Seen[] = []
  const planned = new Set<string>()
  const waiting = new Map<string, { readonly at: Seen; readonly goOn: () => void }>()
  const gone = new Map<string, number>()
  let isDown = false
  let paceMs = 0
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = JSON.parse(await textOf(request)) as Asked
    const now: Seen = { ...asked, when: Date.now() }
    seen.push(now)
    if (isDown && asked.key !== undefined) return void response.writeHead(503).end()
    if (planned.delete(placeOf(asked.task, asked.at))) {
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.set(asked.task, { at: now, goOn: resolve })
      response.once('close', () => void gone.set(asked.task, Date.now()))
      await promise
    }
    if (paceMs > 0) await pause(paceMs)
    response.writeHead(200).end(JSON.stringify({ said: saidOf(asked.task, asked.at) }))
  }
  const server = createServer((request, response) => {
    // Its process may have died meanwhile.
    response.on('error', () => undefined)
    answer(request, response).catch(() => response.destroy())
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    holdAt: (task, at) => void planned.add(placeOf(task, at)),
    held: () => new Map([...waiting].map(([task, { at }]) => [task, at])),
    gone: () => gone,
    setPace: ms => void (paceMs = ms),
    release: () => {
      planned.clear()
      for (const { goOn } of waiting.values()) goOn()
      waiting.clear()
    },
    setDown: down => void (isDown = down),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function placeOf(task: string, at: string): string {
  return `${task}\n${at}`
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const piece of request.setEncoding('utf8')) text += String(piece)
  return text
}
