// A PostgreSQL server behind a small pool. Connections are pipelined: BEGIN, seal, statements and COMMIT
// leave without waiting for each other, so a transaction costs one exchange.
import pg from 'pg'
import { connect as openSocket } from 'node:net'
import type { Engine, Session, WireResult, WireRow, WireStatement } from './engine.ts'
import { fairTurns } from './fair-turns.ts'
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

const PATIENCE_MS = 5_000
/** Of the pool, for one tenant. */
const SHARE = 0.5

export function pgEngine(options: PgEngineOptions): Engine {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    application_name: options.applicationName,
    connectionTimeoutMillis: PATIENCE_MS,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    pipeline: true,
    types,
  })
  pool.on('error', options.onIdleError)
  const turns = fairTurns({
    places: options.poolSize,
    mostOfOne: Math.ceil(options.poolSize * SHARE),
    patienceMs: PATIENCE_MS,
  })
  const listenUrl = options.pooled ? options.listenUrl : options.url
  return {
    kind: 'postgres',
    ...(listenUrl === undefined ? {} : { listen: listening(listenUrl, options) }),
    async acquire(signal, { tenantId = '' } = {}) {
      const leave = await turns.enter(tenantId, signal)
      try {
        return session(await connected(pool, signal), options, leave)
      } catch (error) {
        leave()
        throw error
      }
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

/**
 * Takes back what a statement, injected SQL above all, may have left for the session beyond its transaction. Statements
 * that the protocol has kept stay; one that SQL has prepared may stand under the name of one of ours, so its session is
 * not used again. SQL can neither prepare one that does not say so here nor change one of ours but by removing it.
 */
const CLEAN_SESSION = `reset all; close all; unlisten *; select pg_catalog.pg_advisory_unlock_all();
  select from pg_catalog.pg_prepared_statement() p where p.from_sql limit 1`

/** A kept statement is gone, its name is taken, or its table has changed its columns: nothing a next call could mend. */
const LOST = new Set(['26000', '42P05', '0A000'])

/** Resolves with whether the session is as it was at its beginning. */
async function isCleaned(client: pg.PoolClient): Promise<boolean> {
  try {
    const results = (await client.query(CLEAN_SESSION)) as unknown as pg.QueryResult[]
    return results.at(-1)?.rowCount === 0
  } catch {
    return false
  }
}

/** `leave` is called once the client is back in the pool. */
function session(client: pg.PoolClient, options: PgEngineOptions, leave: () => void): Session {
  const backend = client as unknown as { processID: number; secretKey: number; host: string; port: number }
  // A connection that dies while it is held reports so by an event nobody else listens to.
  const onLost = (): void => undefined
  client.on('error', onLost)
  let hasLost = false
  return {
    pid: options.pooled ? 0 : backend.processID,
    send: async (statement: WireStatement): Promise<WireResult> => {
      // Extended, also without values: the simple protocol would run several statements stacked in one text.
      const query = { text: statement.text, values: [...(statement.values ?? [])], queryMode: 'extended' }
      // Behind a pooler the next transaction may come to a session that has never heard of the name.
      const name = options.pooled ? undefined : statement.name
      const result = await client
        .query<WireRow>(name === undefined ? query : { ...query, name })
        .catch((error: unknown) => {
          hasLost ||= LOST.has(String((error as { code?: unknown }).code))
          throw error
        })
      return { rows: result.rows, count: result.rowCount ?? 0, command: result.command }
    },
    script: async text => {
      // node-postgres gives one result for one statement and a list for several.
      const results = (await client.query(text)) as pg.QueryResult | pg.QueryResult[]
      return [results].flat().flatMap(result => result.rows as WireRow[])
    },
    cancel: () => sendCancelRequest(backend),
    release: broken => {
      const isBroken = broken === true || hasLost
      const give = (isClean: boolean): void => {
        client.off('error', onLost)
        client.release(!isClean)
        leave()
      }
      // The caller does not wait, the next one does: before it is known to be clean the session is nobody's. Behind a
      // pooler it is not ours to clean.
      if (isBroken || options.pooled) give(!isBroken)
      else void isCleaned(client).then(give)
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
