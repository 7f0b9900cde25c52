// The database as an attacker has it who got hold of the application's login: a connection of that role, and no key.
import { join } from 'node:path'
import { readFile } from 'node:fs/promises'
import { type Config, Secret } from '../../../platform/config.ts'
import type { Reader } from '../../../platform/db/database.ts'
import type { Session } from '../../../platform/db/engine/engine.ts'
import { pgEngine } from '../../../platform/db/engine/pg-engine.ts'
import { reach } from '../../../platform/db/open-database.ts'
import { mintSeal } from '../../../platform/db/seal.ts'
import { parseSealKeys } from '../../../platform/db/seal-keys.ts'
import { onWire } from '../../../platform/db/statements.ts'
import type { DatabaseGround } from '../ground/ground.ts'

export interface OpenDatabaseGround {
  readonly database: DatabaseGround
  close(): Promise<void>
}

/** Nothing here may hold up the deployment. */
const LIMITS = `set local lock_timeout = '1s'; set local statement_timeout = '10s'`

export async function openDatabaseGround(url: string, config: Config): Promise<OpenDatabaseGround> {
  const secret = new Secret(url)
  const engine = await reach(
    '--database-url',
    secret,
    pgEngine({
      url,
      poolSize: 1,
      pooled: false,
      applicationName: 'gatehouse-attack',
      onIdleError: () => undefined,
    }),
  )
  const key = await sealKey(config)
  return {
    database: {
      seal: key === undefined ? undefined : words => mintSeal(key, words),
      async inTransaction(fn) {
        const session = await engine.acquire()
        try {
          await session.script(`begin; ${LIMITS}`)
          return await fn(session)
        } finally {
          await session.send({ text: 'rollback' }).catch(() => undefined)
          session.release(true)
        }
      },
    },
    close: () => engine.close(),
  }
}

/** The key that the server signs with, where this is its machine. It is read, never made. */
async function sealKey({ sealKeys, dataDir }: Config) {
  const text =
    sealKeys?.reveal() ?? (await readFile(join(dataDir, 'keys', 'seal'), 'utf8').catch(() => undefined))
  return text === undefined ? undefined : parseSealKeys(text.trim())[0]
}

/** A session as what the catalog's sweeps read through. */
export function readerOf(session: Session): Reader {
  const reader: Reader = {
    all: async <Row>(statement: Parameters<Reader['all']>[0]) =>
      (await session.send(onWire(statement))).rows as Row[],
    first: async <Row>(statement: Parameters<Reader['first']>[0]) =>
      (await session.send(onWire(statement))).rows[0] as Row | undefined,
  }
  return reader
}

/** How a statement ended: its SQLSTATE, or 'done'. */
export async function stateOf(sending: Promise<unknown>): Promise<string> {
  try {
    await sending
    return 'done'
  } catch (error) {
    return (error as { code?: string }).code ?? String((error as Error).message)
  }
}
