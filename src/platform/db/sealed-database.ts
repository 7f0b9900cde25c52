// The ONE place where a tenant enters the database: per transaction, by bound parameters, under a seal.
import { fault } from '../faults.ts'
import type { Database, Right, Statement, TenantScope, Writer } from './database.ts'
import { databaseFault } from './db-faults.ts'
import type { Engine, Session, WireResult, WireStatement } from './engine/engine.ts'
import { insideTransaction, refuseInsideTransaction } from './open-transaction.ts'
import { mintSeal, type Reads, type Realm, type SealKey } from './seal.ts'
import { onWire } from './statements.ts'

const DEFAULT_TIMEOUT_MS = 30_000
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

// One snapshot for all statements of a read, so that two branches of a search see the same rows.
const BEGIN_READ = 'begin isolation level repeatable read read only'
const BEGIN_WRITE = 'begin'

export interface SealedDatabaseOptions {
  readonly engine: Engine
  /** The key that signs now; asked at every transaction, so that a rotation acts at once. */
  readonly sealKey: () => SealKey
  /** The role to take on inside each transaction; for the embedded engine, whose session is the superuser's. */
  readonly role?: string
}

interface Opening {
  readonly begin: string
  readonly realm: Realm
  readonly tenantId: string
  readonly subject: string
  readonly reads?: Reads | undefined
  readonly rights?: readonly Right[] | undefined
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs: number
  readonly isBackground?: boolean | undefined
}

/** The database under seals. */
export function sealedDatabase(options: SealedDatabaseOptions): Database {
  const transact = transactions(options)
  return {
    engine: options.engine.kind,
    readAs: async (scope, fn) => transact(opening(BEGIN_READ, scope), fn),
    writeAs: async (scope, fn) => transact(opening(BEGIN_WRITE, scope), fn),
    system: async (reason, fn) =>
      transact(
        { begin: BEGIN_WRITE, realm: 'system', tenantId: '', subject: reason, timeoutMs: DEFAULT_TIMEOUT_MS },
        fn,
      ),
    readBatchAs: async (scope, statements) => {
      refuseInsideTransaction('a database call')
      return batch(options, opening(BEGIN_READ, scope), statements) as never
    },
    close: () => options.engine.close(),
  }
}

function opening(begin: string, scope: TenantScope): Opening {
  refuseNoUuid(scope.tenantId)
  return { ...scope, begin, realm: 'tenant', timeoutMs: scope.timeoutMs ?? DEFAULT_TIMEOUT_MS }
}

/** Throws on a tenant id that is no UUID: it reaches neither a seal nor SQL. */
export function refuseNoUuid(tenantId: string): void {
  if (!UUID.test(tenantId))
    throw fault('internal', { detail: 'a tenant that is no UUID never reaches the database' })
}

/** Runs functions inside transactions that open with the seal; also what the owner's database is made of. */
export function transactions(options: SealedDatabaseOptions) {
  return async function transact<T>(open: Opening, fn: (tx: Writer) => Promise<T>): Promise<T> {
    refuseInsideTransaction('a database call')
    return held(options.engine, open, async (session, interrupted) => {
      const begun = [session.send({ text: open.begin }), session.send(sealing(options, session, open))]
      for (const statement of begun) statement.catch(() => undefined)
      const handle = transactionHandle(session)
      const result = await Promise.race([insideTransaction(() => fn(handle.tx)), interrupted]).finally(
        handle.end,
      )
      await Promise.all(begun)
      const ended = await session.send({ text: 'commit' })
      if (ended.command !== 'COMMIT')
        throw fault('internal', { detail: 'a failed transaction was to be committed' })
      return result
    })
  }
}

/** BEGIN, seal, statements and COMMIT in one exchange. */
async function batch(
  options: SealedDatabaseOptions,
  open: Opening,
  statements: readonly Statement[],
): Promise<unknown[][]> {
  return held(options.engine, open, async (session, interrupted) => {
    const sent = [
      session.send({ text: open.begin }),
      session.send(sealing(options, session, open)),
      ...statements.map(statement => session.send(onWire(statement))),
      session.send({ text: 'commit' }),
    ]
    const answers = await Promise.race([Promise.allSettled(sent), interrupted])
    const failed = answers.find(answer => answer.status === 'rejected')
    if (failed !== undefined) throw failed.reason
    return (answers as PromiseFulfilledResult<WireResult>[]).slice(2, -1).map(answer => answer.value.rows)
  })
}

/** Holds a session for `fn`. After an error it is rolled back; after an interruption it is cancelled and thrown away. */
async function held<T>(
  engine: Engine,
  open: Opening,
  fn: (session: Session, interrupted: Promise<never>) => Promise<T>,
): Promise<T> {
  const interruption = interruptions(open)
  let session: Session | undefined
  try {
    session = await engine.acquire(interruption.signal, {
      isBackground: open.isBackground === true,
      tenantId: open.tenantId,
    })
    const result = await fn(session, interruption.promise)
    session.release()
    return result
  } catch (error) {
    if (session !== undefined) await giveUp(session, interruption.signal.aborted)
    throw interruption.signal.aborted ? interruption.reason() : databaseFault(error)
  } finally {
    interruption.stop()
  }
}

async function giveUp(session: Session, interrupted: boolean): Promise<void> {
  if (interrupted) {
    await session.cancel()
    return session.release(true)
  }
  try {
    await session.send({ text: 'rollback' })
    session.release()
  } catch {
    session.release(true)
  }
}

/** The caller going away or the time running out, as one signal and one promise that rejects. */
function interruptions({ signal: caller, timeoutMs }: Opening) {
  // By hand, not AbortSignal.any and .timeout: theirs outlive the transaction, and there are thousands a second.
  const interrupted = new AbortController()
  const { promise, reject } = Promise.withResolvers<never>()
  promise.catch(() => undefined)
  const reason = () => fault(caller?.aborted ? 'cancelled' : 'timeout')
  const interrupt = (): void => {
    interrupted.abort()
    reject(reason())
  }
  const timer = setTimeout(interrupt, timeoutMs)
  if (caller?.aborted) interrupt()
  caller?.addEventListener('abort', interrupt, { once: true })
  const stop = (): void => {
    clearTimeout(timer)
    caller?.removeEventListener('abort', interrupt)
  }
  return { signal: interrupted.signal, promise, reason, stop }
}

/** Everything a transaction is, in one statement: seal, time limit and, embedded, the role. All end with it. */
function sealing({ sealKey, role }: SealedDatabaseOptions, session: Session, open: Opening): WireStatement {
  const seal = mintSeal(sealKey(), {
    realm: open.realm,
    tenantId: open.tenantId,
    subject: open.subject,
    reads: open.reads ?? 'listed',
    rights: open.rights ?? [],
    lifetimeMs: open.timeoutMs,
    pid: session.pid,
  })
  const text = `select set_config('app.seal', $1, true), set_config('statement_timeout', $2, true)`
  const values = [seal, String(open.timeoutMs)]
  if (role === undefined) return { text, values }
  return { text: `${text}, set_config('role', $3, true)`, values: [...values, role] }
}

/** The handle a transaction's code works with; dead once the transaction is over. */
function transactionHandle(session: Session): { tx: Writer; end: () => void } {
  let ended = false
  const send = async (statement: Statement): Promise<WireResult> => {
    if (ended) throw fault('internal', { detail: 'a statement after its transaction ended' })
    return session.send(onWire(statement))
  }
  const tx: Writer = {
    all: async <Row>(statement: Statement<Row>) => (await send(statement)).rows as Row[],
    first: async <Row>(statement: Statement<Row>) => (await send(statement)).rows[0] as Row | undefined,
    run: async statement => (await send(statement)).count,
  }
  return { tx, end: () => void (ended = true) }
}
