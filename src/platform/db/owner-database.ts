// The database as the schema's owner: for `migrate` and the maintainer worker, nowhere else. Row-level security
// is forced on the owner too; a tenant's rows are reached under a maintenance seal only.
import type { OwnerDatabase, Statement, Writer } from './database.ts'
import { databaseFault } from './db-faults.ts'
import type { Engine, Session } from './engine/engine.ts'
import { refuseInsideTransaction } from './open-transaction.ts'
import { refuseNoUuid, transactions } from './sealed-database.ts'
import type { SealKey } from './seal.ts'
import { onWire } from './statements.ts'

/** Building an index or moving a large tenant takes long; a seal of an hour outlives it. */
const MAINTENANCE_TIMEOUT_MS = 3_600_000

export interface OwnerDatabaseOptions {
  readonly engine: Engine
  readonly sealKey: () => SealKey
  /** Embedded: the role each transaction takes on. On a server the login is a member of it. */
  readonly role: 'gatehouse_owner'
}

export function ownerDatabase({ engine, sealKey, role }: OwnerDatabaseOptions): OwnerDatabase {
  const transact = transactions({ engine, sealKey, role })
  return {
    engine: engine.kind,
    runAlone: (sql, settings = {}) =>
      held(engine, async session => {
        const set = (name: string, value: string | null) =>
          session.send({ text: 'select set_config($1, $2, false)', values: [name, value] })
        // Outside a transaction only the session's role and settings can be set, and have to be set back.
        await session.send({ text: `set role ${role}` })
        try {
          for (const [name, value] of Object.entries(settings)) await set(name, value)
          await session.send({ text: sql })
        } finally {
          for (const name of Object.keys(settings)) await set(name, null)
          await session.send({ text: 'reset role' })
        }
      }),
    transaction: fn =>
      held(engine, async session => {
        await session.send({ text: 'begin' })
        try {
          await session.send({ text: `set local role ${role}` })
          const result = await fn({
            ...statements(session),
            exec: async script => void (await session.script(script)),
          })
          await session.send({ text: 'commit' })
          return result
        } catch (error) {
          await session.send({ text: 'rollback' })
          throw error
        }
      }),
    maintain: async (tenantId, fn) => {
      refuseNoUuid(tenantId)
      const open = {
        begin: 'begin',
        realm: 'maintenance',
        tenantId,
        subject: 'gatehouse:maintainer',
        timeoutMs: MAINTENANCE_TIMEOUT_MS,
      } as const
      return transact(open, fn)
    },
    close: () => engine.close(),
  }
}

function statements(session: Session): Writer {
  const send = (statement: Statement) => session.send(onWire(statement))
  return {
    all: async <Row>(statement: Statement<Row>) => (await send(statement)).rows as Row[],
    first: async <Row>(statement: Statement<Row>) => (await send(statement)).rows[0] as Row | undefined,
    run: async statement => (await send(statement)).count,
  }
}

async function held<T>(engine: Engine, fn: (session: Session) => Promise<T>): Promise<T> {
  refuseInsideTransaction('an owner call')
  try {
    const session = await engine.acquire()
    try {
      const result = await fn(session)
      session.release()
      return result
    } catch (error) {
      session.release(true)
      throw error
    }
  } catch (error) {
    throw databaseFault(error)
  }
}
