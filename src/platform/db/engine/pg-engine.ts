// A PostgreSQL server behind a small pool. Connections are pipelined: BEGIN, seal, statements and COMMIT
// leave without waiting for each other, so a transaction costs one exchange.
import pg from 'pg'
import { connect as openSocket } from 'node:net'
import type { Engine, Session, WireResult, WireRow, WireStatement } from './engine.ts'
import { pgListener } from './pg-listener.ts'
import { parserOf } from './value-types.ts'
import { fault } from '../../faults.ts'

export interface PgEngineOptions {
  readonly url: string
  /** Connections at most; throughput peaks at one to two per core of the database. */
  readonly poolSize: number
  /** Behind PgBouncer the pid a client sees is not the backend's, so seals cannot be bound to it. */
  readonly pooled: boolean
  /** Where to listen when `url` leads through a pooler; without it such an engine hears nothing. */
  readonly listenUrl?: string | undefined
  readonly applicationName: string
  readonly onIdleError: (error: Error) => void
}

const types = { getTypeParser: parserOf }

export function pgEngine(options: PgEngineOptions): Engine {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    application_name: options.applicationName,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    pipeline: true,
    types,
  })
  pool.on('error', options.onIdleError)
  const listenUrl = options.pooled ? options.listenUrl : options.url
  return {
    kind: 'postgres',
    ...(listenUrl === undefined ? {} : { listen: listening(listenUrl, options) }),
    async acquire(signal) {
      const client = await connected(pool, signal)
      return session(client, options)
    },
    close: () => pool.end(),
  }
}

function listening(
  url: string,
  { applicationName, onIdleError }: PgEngineOptions,
): NonNullable<Engine['listen']> {
  return (channel, hearing) => pgListener({ url, channel, applicationName, onLost: onIdleError }, hearing)
}

/** A client of the pool; one that arrives after the caller went away goes straight back. */
async function connected(pool: pg.Pool, signal?: AbortSignal): Promise<pg.PoolClient> {
  if (signal?.aborted) throw fault('cancelled')
  const arriving = pool.connect()
  if (signal === undefined) return arriving
  const { promise: gone, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(fault('cancelled'))
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([arriving, gone])
  } catch (error) {
    if (signal.aborted)
      arriving.then(
        client => client.release(),
        () => undefined,
      )
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** Takes back what a statement, injected SQL above all, may have left for the session beyond its transaction. */
const CLEAN_SESSION =
  'reset all; close all; unlisten *; deallocate all; select pg_catalog.pg_advisory_unlock_all()'

function session(client: pg.PoolClient, options: PgEngineOptions): Session {
  const backend = client as unknown as { processID: number; secretKey: number; host: string; port: number }
  // A connection that dies while it is held reports so by an event nobody else listens to.
  const onLost = (): void => undefined
  client.on('error', onLost)
  return {
    pid: options.pooled ? 0 : backend.processID,
    send: async (statement: WireStatement): Promise<WireResult> => {
      // Extended, also without values: the simple protocol would run several statements stacked in one text.
      const query = { text: statement.text, values: [...(statement.values ?? [])], queryMode: 'extended' }
      const result = await client.query<WireRow>(query)
      return { rows: result.rows, count: result.rowCount ?? 0, command: result.command }
    },
    script: async text => {
      // node-postgres gives one result for one statement and a list for several.
      const results = (await client.query(text)) as pg.QueryResult | pg.QueryResult[]
      return [results].flat().flatMap(result => result.rows as WireRow[])
    },
    cancel: () => sendCancelRequest(backend),
    release: broken => {
      client.off('error', onLost)
      // Nobody waits for it (+0.02 ms a transaction). Behind a pooler the session is not ours to clean.
      if (broken !== true && !options.pooled) client.query(CLEAN_SESSION).catch(() => undefined)
      client.release(broken ?? false)
    },
  }
}

/**
 * Asks the server to stop what the backend runs (PostgreSQL protocol, CancelRequest). The request travels on
 * a connection of its own, and may arrive late: the caller must not reuse the session.
 */
function sendCancelRequest(backend: {
  processID: number
  secretKey: number
  host: string
  port: number
}): Promise<void> {
  const request = Buffer.alloc(16)
  request.writeInt32BE(16, 0)
  request.writeInt32BE(80_877_102, 4)
  request.writeInt32BE(backend.processID, 8)
  request.writeInt32BE(backend.secretKey, 12)
  return new Promise(resolve => {
    const socket = backend.host.startsWith('/')
      ? openSocket(`${backend.host}/.s.PGSQL.${backend.port}`)
      : openSocket(backend.port, backend.host)
    socket.setTimeout(2_000, () => socket.destroy())
    socket.once('connect', () => socket.write(request))
    socket.once('error', () => undefined)
    socket.once('close', () => resolve())
  })
}
