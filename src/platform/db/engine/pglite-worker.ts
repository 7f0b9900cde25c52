// The embedded Postgres itself, on a thread of its own: a query blocks its thread for as long as it runs.
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { parentPort, workerData } from 'node:worker_threads'
import type { WireValue } from './engine.ts'
import { parserTable } from './value-types.ts'

export interface PgliteWorkerData {
  /** Folder of the cluster; undefined for one in memory. */
  readonly folder: string | undefined
  /** A dumped cluster to start from (tests). */
  readonly snapshot: Uint8Array<ArrayBuffer> | undefined
}

export type PgliteRequest =
  | {
      readonly id: number
      readonly kind: 'query'
      readonly text: string
      readonly values: readonly WireValue[]
    }
  | { readonly id: number; readonly kind: 'script'; readonly text: string }
  | { readonly id: number; readonly kind: 'listen'; readonly channel: string }
  | { readonly id: number; readonly kind: 'dump' }
  | { readonly id: number; readonly kind: 'close' }

export type PgliteAnswer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: Record<string, unknown> }

/** Not an answer: a NOTIFY on a channel that was asked for. */
export interface PgliteNotification {
  readonly channel: string
  readonly payload: string
}

const port = parentPort
if (port === null) throw new Error('pglite-worker.ts runs as a worker thread only')

const { folder, snapshot } = workerData as PgliteWorkerData
const db = await PGlite.create({
  ...(folder === undefined ? {} : { dataDir: folder }),
  ...(snapshot === undefined ? {} : { loadDataDir: new Blob([snapshot]) }),
  extensions: { vector },
})

// Parameters arrive in Postgres' own form already, whatever their type.
const serializers = new Proxy<Record<number, (value: string) => string>>(
  {},
  { get: () => (value: string) => value },
)
const parsers = parserTable()

async function answer(request: PgliteRequest): Promise<unknown> {
  switch (request.kind) {
    case 'query': {
      const result = await db.query(request.text, [...request.values], { parsers, serializers })
      const count = result.rowCount ?? result.affectedRows ?? result.rows.length
      return { rows: result.rows, count, command: result.command ?? '' }
    }
    case 'script':
      return (await db.exec(request.text, { parsers })).flatMap(result => result.rows)
    case 'listen':
      return listen(request.channel)
    case 'dump':
      return new Uint8Array(await (await db.dumpDataDir('none')).arrayBuffer())
    case 'close':
      return db.close()
  }
}

const channels = new Set<string>()

/** Once a channel, however many listen on the other side. */
async function listen(channel: string): Promise<void> {
  if (channels.has(channel)) return
  await db.listen(channel, payload => port?.postMessage({ channel, payload } satisfies PgliteNotification))
  channels.add(channel)
}

/** The fields of a database error that the other side maps; the class itself does not survive the crossing. */
function portable(error: unknown): Record<string, unknown> {
  const { message, code, detail, hint, constraint, table, column, where } = error as Record<string, unknown>
  return { message: String(message), code, detail, hint, constraint, table, column, where }
}

// One at a time, in order of arrival: there is one session.
let turn: Promise<void> = Promise.resolve()
port.on('message', (request: PgliteRequest) => {
  turn = turn.then(async () => {
    try {
      port.postMessage({ id: request.id, ok: true, value: await answer(request) } satisfies PgliteAnswer)
    } catch (error) {
      port.postMessage({ id: request.id, ok: false, error: portable(error) } satisfies PgliteAnswer)
    }
    if (request.kind === 'close') port.close()
  })
})
port.postMessage({ id: 0, ok: true, value: undefined } satisfies PgliteAnswer)
