// Hears NOTIFYs of a PostgreSQL server on a connection of its own, for as long as it is not closed: asks now and then
// whether the connection still lives, and comes back by itself when it does not.
import pg from 'pg'
import type { Hearing } from './engine.ts'

const BEAT_MS = 10_000
const BEAT_WITHIN_MS = 5_000
const LONGEST_PAUSE_MS = 30_000

export interface PgListenerOptions {
  /** Past any pooler: the connection must stay the same. */
  readonly url: string
  readonly channel: string
  readonly applicationName: string
  readonly onLost: (error: Error) => void
}

/** Rejects when the first connection fails; later ones are tried for ever, with growing pauses. */
export async function pgListener(
  options: PgListenerOptions,
  hearing: Hearing,
): Promise<{ close(): Promise<void> }> {
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let failures = 0
  let isClosed = false

  async function connect(): Promise<void> {
    const next = new pg.Client({
      connectionString: options.url,
      application_name: options.applicationName,
      connectionTimeoutMillis: 5_000,
      query_timeout: BEAT_WITHIN_MS,
      keepAlive: true,
    })
    next.on('error', lost)
    next.on('end', () => lost(new Error('the connection ended')))
    next.on('notification', message => hearing.heard(message.payload ?? ''))
    client = next
    await next.connect()
    await next.query(`listen ${pg.escapeIdentifier(options.channel)}`)
    if (isClosed) return leave()
    failures = 0
    beatLater(next)
    hearing.listening()
  }

  function beatLater(current: pg.Client): void {
    const beat = async (): Promise<void> => {
      await current.query('select 1')
      beatLater(current)
    }
    timer = setTimeout(() => void beat().catch(lost), BEAT_MS)
  }

  function lost(error: Error): void {
    if (isClosed || client === undefined) return
    void leave()
    options.onLost(error)
    timer = setTimeout(() => void connect().catch(lost), Math.min(LONGEST_PAUSE_MS, 500 * 2 ** failures++))
  }

  /** Lets go of the connection in hand; its late events concern nobody any more. */
  async function leave(): Promise<void> {
    clearTimeout(timer)
    const last = client
    client = undefined
    last?.removeAllListeners().on('error', () => undefined)
    await last?.end().catch(() => undefined)
  }

  async function close(): Promise<void> {
    isClosed = true
    await leave()
  }

  try {
    await connect()
  } catch (error) {
    await close()
    throw error
  }
  return { close }
}
