// RL01, RL05, RL12: rows without a seal, with a forged, a bent, an expired or a borrowed one; writing into B as A.
import { randomBytes } from 'node:crypto'
import type { Session } from '../../../platform/db/engine/engine.ts'
import { mintSeal, type SealWords } from '../../../platform/db/seal.ts'
import { onWire, sql } from '../../../platform/db/statements.ts'
import { each, judged, notRun, type Attack, type Problem } from '../attack.ts'
import type { Ground } from '../ground/ground.ts'
import { ofDatabase, ofLogin } from './of-database.ts'
import { readerOf, stateOf } from './open-database.ts'

const NO_KEYS =
  'needs the seal keys of this deployment: run it on the server’s machine, or set GATEHOUSE_SEAL_KEYS'

/** Tables with a tenant that the login may read at all. */
function tenantTables(session: Session): Promise<{ name: string }[]> {
  return readerOf(session).all(sql<{ name: string }>`
    select c.relname as name from pg_class c
    where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and has_table_privilege(c.oid, 'select')
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
    order by 1`)
}

const setSeal = (seal: string) => onWire(sql`select set_config('app.seal', ${seal}, true)`)
const countIn = (table: string) => sql<{ n: bigint }>`select count(*) as n from ${sql.table(`app.${table}`)}`

export const withoutSeal: Attack = ofLogin('RL01', 'every tenant table without a tenant', async database => {
  const tables = await database.inTransaction(tenantTables)
  const problems = await each(tables, ({ name }) =>
    database.inTransaction(async session => {
      const unset = await readerOf(session).first(countIn(name))
      await session.send(setSeal(''))
      const empty = await readerOf(session).first(countIn(name))
      const rows = Number(unset?.n ?? 0) + Number(empty?.n ?? 0)
      return rows === 0 ? undefined : `app.${name} shows ${rows} rows`
    }),
  )
  return judged(problems, 'no rows')
})

const wordsOf = (tenantId: string, pid: number, more: Partial<SealWords> = {}): SealWords => ({
  realm: 'tenant',
  tenantId,
  subject: 'ada',
  reads: 'all',
  lifetimeMs: 10_000,
  pid,
  ...more,
})

export const forgedSeals: Attack = ofDatabase(
  'RL05',
  'forged, bent, expired and borrowed seals',
  async (database, ground) => {
    const { a, b } = ground
    const own = { id: 'k1', secret: randomBytes(32) }
    const forgeries: [what: string, seal: (pid: number) => string][] = [
      ['the tenant’s id as a seal', () => b.id],
      ['a seal of an older form', () => `1.k1.tenant.${b.id}.x.y.9999999999999.0.${'0'.repeat(64)}`],
      ['a seal signed with a key of one’s own', pid => mintSeal(own, wordsOf(b.id, pid))],
      ['a seal for the whole deployment', pid => mintSeal(own, wordsOf('', pid, { realm: 'system' }))],
    ]
    const { seal } = database
    if (seal !== undefined) {
      const genuine = (pid: number, more?: Partial<SealWords>) => seal(wordsOf(a.id, pid, more))
      forgeries.push(
        ['A’s seal with B’s id', pid => genuine(pid).replace(a.id, b.id)],
        ['A’s seal with a longer life', pid => genuine(pid).replace(/\.(\d{13})\./, '.9999999999999.')],
        ['A’s seal that ran out', pid => genuine(pid, { lifetimeMs: -60_000 })],
        ['A’s seal of another connection', pid => genuine(pid + 1)],
        ['a maintenance seal with the application’s login', pid => genuine(pid, { realm: 'maintenance' })],
      )
    }
    const problems = await each(forgeries, ([what, forged]) =>
      database.inTransaction(async session => {
        await session.send(setSeal(forged(session.pid)))
        const state = await stateOf(session.send(onWire(countIn('document'))))
        return state === '42501' ? undefined : `${what} ended with ${state}, not 42501`
      }),
    )
    if (seal !== undefined) problems.push(await genuineSeesItsOwn(database, ground))
    return judged(
      problems,
      seal === undefined ? `refused (replays: ${NO_KEYS})` : 'refused; a genuine one shows its own rows',
    )
  },
)

/** Otherwise a database that refuses everything would pass. */
async function genuineSeesItsOwn(
  { inTransaction, seal }: NonNullable<Ground['database']>,
  { a }: Ground,
): Promise<Problem> {
  return inTransaction(async session => {
    if (seal === undefined) return undefined
    await session.send(setSeal(seal(wordsOf(a.id, session.pid))))
    const row = await readerOf(session).first(sql<{ own: bigint; foreign: bigint }>`
      select count(*) filter (where tenant_id = ${a.id}) as own, count(*) filter (where tenant_id <> ${a.id}) as "foreign"
      from app.document`)
    if (Number(row?.foreign ?? 0) > 0)
      return `A’s genuine seal shows ${String(row?.foreign)} documents of others`
    return Number(row?.own ?? 0) > 0 ? undefined : 'A’s genuine seal does not show A’s own documents'
  })
}

export const foreignWrites: Attack = ofDatabase(
  'RL12',
  'rows written into B, or moved there, as A',
  async (database, { a, b }) => {
    const { seal } = database
    const insert = onWire(sql`insert into app.term_stat (tenant_id, term, df) values (${b.id}, 'attack', 1)`)
    const move = onWire(sql`update app.document set tenant_id = ${b.id} where tenant_id = ${a.id}`)
    const refused = (what: string, state: string): Problem =>
      state === '42501' ? undefined : `${what} ended with ${state}, not 42501`
    const problems = [
      refused(
        'an insert without a seal',
        await database.inTransaction(session => stateOf(session.send(insert))),
      ),
    ]
    if (seal === undefined) return problems[0] === undefined ? notRun(NO_KEYS) : judged(problems, '')
    const asA = (statement: typeof insert) =>
      database.inTransaction(async session => {
        await session.send(setSeal(seal(wordsOf(a.id, session.pid))))
        return stateOf(session.send(statement))
      })
    problems.push(
      refused('an insert into B as A', await asA(insert)),
      refused('moving a row to B as A', await asA(move)),
    )
    return judged(problems, 'refused by the policies')
  },
)

export const closedPartitions: Attack = ofDatabase(
  'RL11-P',
  'B’s partitions by their own names',
  async (database, { b }) => {
    const partitions = await database.inTransaction(session =>
      readerOf(session).all(sql<{ name: string }>`
      select c.relname as name from pg_class c where c.relispartition and c.relkind = 'r'
        and c.relnamespace = 'app'::regnamespace and c.relname like ${`%${b.id.replaceAll('-', '')}`}`),
    )
    return judged(
      await each(partitions, ({ name }) =>
        database.inTransaction(async session => {
          const state = await stateOf(session.send(onWire(countIn(name))))
          return state === '42501' ? undefined : `app.${name} ended with ${state}, not 42501`
        }),
      ),
      'permission denied',
    )
  },
)
