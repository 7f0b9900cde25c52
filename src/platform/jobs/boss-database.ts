// pg-boss on our engines: each of its texts runs as the worker's role on a session of its own.
import type { Db } from 'pg-boss'
import type { Engine, Session, WireRow } from '../db/engine/engine.ts'
import { toWire } from '../db/engine/value-types.ts'

/** `role` is taken on in every transaction where the login has it not from the start (embedded). */
export function bossDatabase(engine: Engine, role: string | undefined): Db {
  const { listen } = engine
  return {
    executeSql: (text, values = []) =>
      held(engine, async session => ({ rows: (await run(session, role, text, values)).map(asDriver) })),
    ...(listen === undefined
      ? {}
      : { listen: (channel, heard, listening) => listen(channel, { heard, listening }) }),
  }
}

/** With values it is one statement; without, it may be a whole BEGIN … COMMIT. */
async function run(
  session: Session,
  role: string | undefined,
  text: string,
  values: readonly unknown[],
): Promise<readonly WireRow[]> {
  const statement = { text, values: values.map(toWire) }
  if (role === undefined)
    return values.length > 0 ? (await session.send(statement)).rows : session.script(text)
  const takeRole = `set local role ${role}`
  if (values.length === 0) {
    const isTransaction = /^\s*begin\s*;/i.test(text)
    return session.script(
      isTransaction
        ? text.replace(/begin\s*;/i, `begin; ${takeRole};`)
        : `begin; ${takeRole}; ${text}; commit`,
    )
  }
  await session.script(`begin; ${takeRole}`)
  const { rows } = await session.send(statement)
  await session.send({ text: 'commit' })
  return rows
}

async function held<T>(engine: Engine, fn: (session: Session) => Promise<T>): Promise<T> {
  const session = await engine.acquire(undefined, { isBackground: true })
  try {
    const result = await fn(session)
    session.release()
    return result
  } catch (error) {
    session.release(true)
    throw error
  }
}

/** 64-bit integers as text, which is how pg-boss expects them from its own driver. */
function asDriver(row: WireRow): WireRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? String(value) : value]),
  )
}
