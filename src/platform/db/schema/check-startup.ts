// What must be true of the database before the server may serve: each check names what is wrong and what to do.
// A role that could step round row-level security is worse than no server at all.
import type { Database, Reader } from '../database.ts'
import { fault, Fault } from '../../faults.ts'
import { CLOCK_ALLOWANCE_MS } from '../seal.ts'
import { sql } from '../statements.ts'
import { schemaVersion } from './migrate.ts'

export interface StartupProblem {
  readonly check: string
  readonly problem: string
  readonly fix: string
}

type Check = (tx: Reader, engine: Database['engine']) => Promise<StartupProblem[]>

const CHECKS: readonly Check[] = [
  postgresVersion,
  vectorVersion,
  schemaIsCurrent,
  roleIsHarmless,
  roleOwnsNothing,
  rowSecurityIsForced,
  partitionsAreClosed,
  clocksAgree,
]

/** Throws one fault that lists every problem; returns when there is none. */
export async function checkStartup(database: Database): Promise<void> {
  const problems = await startupProblems(database)
  if (problems.length === 0) return
  const lines = problems.map(({ check, problem, fix }) => `  ${check}: ${problem}\n    → ${fix}`)
  throw fault('unsupported', {
    say: `Refusing to start on this database:\n${lines.join('\n')}`,
    reason: 'startup_refused',
  })
}

export async function startupProblems(database: Database): Promise<StartupProblem[]> {
  const problems = await database.system('check_startup', async tx => {
    const found = await isPrepared(tx)
    if (found.length > 0) return found
    for (const check of CHECKS) found.push(...(await check(tx, database.engine)))
    return found
  })
  return problems.length > 0 ? problems : sealProblems(database)
}

// Without schemas and roles there is nothing the other checks could ask about.
async function isPrepared(tx: Reader): Promise<StartupProblem[]> {
  const missing = await tx.all(sql<{ name: string }>`
    select 'the schema ' || name as name from unnest(array['app', 'pgboss']) as name where to_regnamespace(name) is null
    union all select 'the role ' || name from unnest(array['gatehouse_owner', 'gatehouse_app']) as name where to_regrole(name) is null`)
  return missing.map(({ name }) => ({
    check: 'database',
    problem: `${name} is missing`,
    fix: 'run: gatehouse init-database (with DATABASE_ADMIN_URL), then gatehouse migrate',
  }))
}

async function postgresVersion(tx: Reader): Promise<StartupProblem[]> {
  const row = await tx.first(sql<{ number: number; text: string }>`
    select current_setting('server_version_num')::int as number, current_setting('server_version') as text`)
  if ((row?.number ?? 0) >= 170_000) return []
  return [
    {
      check: 'PostgreSQL version',
      problem: `the server is ${row?.text ?? 'unknown'}`,
      fix: 'use PostgreSQL 17 or newer',
    },
  ]
}

async function vectorVersion(tx: Reader): Promise<StartupProblem[]> {
  const row = await tx.first(
    sql<{ version: string }>`select extversion as version from pg_extension where extname = 'vector'`,
  )
  const [major = 0, minor = 0] = (row?.version ?? '0.0').split('.').map(Number)
  if (major > 0 || minor >= 8) return []
  return [
    {
      check: 'pgvector',
      problem: row === undefined ? 'the extension is missing' : `the extension is ${row.version}`,
      fix: 'install pgvector 0.8 or newer, then as an administrator: create extension vector (or: alter extension vector update)',
    },
  ]
}

async function schemaIsCurrent(tx: Reader): Promise<StartupProblem[]> {
  const needed = await schemaVersion()
  const found = await tx.first(
    sql<{ present: boolean }>`select to_regclass('app.migration') is not null as present`,
  )
  const newest = found?.present
    ? await tx.first(sql<{ name: string }>`select max(name) as name from app.migration`)
    : undefined
  if (newest?.name === needed) return []
  const ahead = (newest?.name ?? '') > needed
  return [
    {
      check: 'schema version',
      problem: `the database is at ${newest?.name ?? 'nothing'}, this version needs ${needed}`,
      fix: ahead ? 'run the newer version of Gatehouse that migrated it' : 'run: gatehouse migrate',
    },
  ]
}

// The embedded engine's session is always the superuser's; there the role of the transaction is what counts.
async function roleIsHarmless(tx: Reader, engine: Database['engine']): Promise<StartupProblem[]> {
  const roles = await tx.all(sql<{ name: string; super: boolean; bypass: boolean }>`
    select rolname as name, rolsuper as super, rolbypassrls as bypass from pg_roles
    where rolname = current_user or (rolname = session_user and ${engine === 'postgres'})`)
  const fix = 'let DATABASE_URL name the application role that init-database makes, never an administrator'
  return roles.flatMap(role => [
    ...(role.super
      ? [{ check: 'role', problem: `${role.name} is a superuser: row-level security would not hold`, fix }]
      : []),
    ...(role.bypass
      ? [
          {
            check: 'role',
            problem: `${role.name} has BYPASSRLS`,
            fix: `as an administrator: alter role ${role.name} nobypassrls`,
          },
        ]
      : []),
  ])
}

async function roleOwnsNothing(tx: Reader): Promise<StartupProblem[]> {
  const row = await tx.first(sql<{
    name: string
    owns: string[]
    member: boolean
    ddl: boolean
    temp: boolean
  }>`
    select current_user as name,
      array(select c.oid::regclass::text from pg_class c join pg_roles r on r.oid = c.relowner
            where r.rolname = current_user and c.relnamespace in ('app'::regnamespace, 'pgboss'::regnamespace) limit 5) as owns,
      pg_has_role(current_user, 'gatehouse_owner', 'member') and not (select rolsuper from pg_roles where rolname = current_user) as member,
      has_schema_privilege(current_user, 'app', 'create') or has_database_privilege(current_user, current_database(), 'create') as ddl,
      has_database_privilege(current_user, current_database(), 'temp') as temp`)
  if (row === undefined) return []
  const problems: StartupProblem[] = []
  if (row.owns.length > 0) {
    problems.push({
      check: 'ownership',
      problem: `${row.name} owns ${row.owns.join(', ')}`,
      fix: 'run migrate with DATABASE_OWNER_URL and serve with another role in DATABASE_URL',
    })
  }
  if (row.member)
    problems.push({
      check: 'ownership',
      problem: `${row.name} is a member of gatehouse_owner`,
      fix: `revoke gatehouse_owner from ${row.name}`,
    })
  if (row.ddl)
    problems.push({
      check: 'privileges',
      problem: `${row.name} may create objects`,
      fix: `revoke create on schema app and on the database from ${row.name}`,
    })
  if (row.temp)
    problems.push({
      check: 'privileges',
      problem: `${row.name} may create temporary tables`,
      fix: 'run init-database once more, or: revoke temporary on database … from public',
    })
  return problems
}

async function rowSecurityIsForced(tx: Reader): Promise<StartupProblem[]> {
  const tables = await tx.all(sql<{ name: string; enabled: boolean }>`
    select c.oid::regclass::text as name, c.relrowsecurity as enabled
    from pg_class c
    where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')
      and not (c.relrowsecurity and c.relforcerowsecurity)
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)`)
  return tables.map(({ name, enabled }) => ({
    check: 'row-level security',
    problem: `${name} ${enabled ? 'does not FORCE' : 'has not enabled'} row-level security`,
    fix: `as the owner: alter table ${name} enable row level security; alter table ${name} force row level security`,
  }))
}

// Row-level security of a parent does not guard a partition that is reached by its own name.
async function partitionsAreClosed(tx: Reader): Promise<StartupProblem[]> {
  const open = await tx.all(sql<{ name: string }>`
    select c.oid::regclass::text as name from pg_class c
    where c.relnamespace = 'app'::regnamespace and c.relispartition and c.relkind = 'r'
      and has_table_privilege(current_user, c.oid, 'select, insert, update, delete, truncate') limit 5`)
  return open.map(({ name }) => ({
    check: 'privileges',
    problem: `the partition ${name} can be reached directly`,
    fix: `as the owner: revoke all on ${name} from public, gatehouse_app`,
  }))
}

async function clocksAgree(tx: Reader): Promise<StartupProblem[]> {
  const asked = Date.now()
  const row = await tx.first(sql<{ now: Date }>`select clock_timestamp() as now`)
  const difference = Math.abs((row?.now.getTime() ?? 0) - (asked + Date.now()) / 2)
  if (difference < CLOCK_ALLOWANCE_MS) return []
  return [
    {
      check: 'clock',
      problem: `this machine and the database differ by ${Math.round(difference / 1000)} s`,
      fix: 'let both follow a time server: seals expire by the database clock',
    },
  ]
}

/** A seal of this process must open; that it does not is most often a key the database has not been told of. */
async function sealProblems(database: Database): Promise<StartupProblem[]> {
  try {
    const row = await database.system('check_startup', tx =>
      tx.first(sql<{ sealed: boolean }>`select app.is_system() as sealed`),
    )
    if (row?.sealed) return []
  } catch (error) {
    if (!(error instanceof Fault) || !/seal refused/.test(error.message)) throw error
  }
  return [
    {
      check: 'tenant seal',
      problem: 'the database does not accept the seal of this process',
      fix: 'run migrate with the same seal keys (GATEHOUSE_SEAL_KEYS or the data folder), which publishes them',
    },
  ]
}
