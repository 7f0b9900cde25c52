// Makes what a migration may not: the roles, the extension, the schemas. Run once by an administrator (or by the
// embedded engine at its first start); running it again changes nothing.
import type { Engine } from '../engine/engine.ts'
import { databaseFault } from '../db-faults.ts'

export interface Login {
  readonly user: string
  readonly password: string | undefined
  readonly group: Group
}

export type Group = 'gatehouse_owner' | 'gatehouse_app' | 'gatehouse_worker'
const GROUPS: readonly Group[] = ['gatehouse_owner', 'gatehouse_app', 'gatehouse_worker']

/**
 * Idempotent. `engine` is connected as an administrator to the database that Gatehouse will use.
 * Roles are the cluster's, so two databases of one cluster share them; an advisory lock keeps two runs apart.
 */
export async function initDatabase(engine: Engine, logins: readonly Login[]): Promise<void> {
  const session = await engine.acquire()
  try {
    await session.script(
      `begin; select pg_advisory_xact_lock(7474001); ${groups()} ${schemas()} ${logins.map(login).join('')} commit`,
    )
    session.release()
  } catch (error) {
    session.release(true)
    throw databaseFault(error)
  }
}

function groups(): string {
  return GROUPS.map(
    group => `do $$ begin
      if not exists (select from pg_roles where rolname = '${group}') then
        create role ${group} nologin nosuperuser nobypassrls nocreatedb nocreaterole;
      end if;
    -- Another database of the cluster may be prepared at the same moment; the lock above is this database's alone.
    exception when duplicate_object or unique_violation then null;
    end $$;`,
  ).join('\n')
}

// TEMP goes too: a temporary table could stand in front of a real one. And large objects: nobody's policy guards them.
function schemas(): string {
  return `
    do $$ begin execute format('revoke all on database %I from public', current_database()); end $$;
    do $$ begin execute format('grant connect on database %I to gatehouse_owner, gatehouse_app, gatehouse_worker', current_database()); end $$;
    revoke create on schema public from public;
    revoke execute on function lo_creat(int), lo_create(oid), lo_from_bytea(oid, bytea) from public;
    create extension if not exists vector;
    create schema if not exists app authorization gatehouse_owner;
    create schema if not exists pgboss authorization gatehouse_owner;
    grant usage on schema app to gatehouse_app;`
}

/** How values are written (engine/value-types.ts reads them so), whatever the server's or database's defaults are. */
const NOTATION = {
  timezone: 'UTC',
  datestyle: 'ISO, YMD',
  intervalstyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
}

/** Settings are the role's own, so that they hold behind a pooler, where a session cannot set them. */
const SETTINGS: Record<Group, Record<string, string>> = {
  gatehouse_app: {
    ...NOTATION,
    plan_cache_mode: 'force_custom_plan', // a generic plan opens every tenant's partition
    jit: 'off',
    idle_in_transaction_session_timeout: '60s',
    lock_timeout: '5s',
  },
  gatehouse_owner: { ...NOTATION, jit: 'off' },
  gatehouse_worker: { ...NOTATION, jit: 'off' },
}

function login({ user, password, group }: Login): string {
  const secret = password === undefined ? '' : ` password ${literal(password)}`
  const settings = Object.entries(SETTINGS[group]).map(
    ([name, value]) => `alter role ${identifier(user)} set ${name} = ${literal(value)};`,
  )
  return `
    do $$ begin
      if not exists (select from pg_roles where rolname = ${literal(user)}) then
        create role ${identifier(user)} login nosuperuser nobypassrls nocreatedb nocreaterole;
      end if;
    end $$;
    alter role ${identifier(user)} login${secret};
    grant ${group} to ${identifier(user)};
    ${settings.join('\n')}`
}

// Role names and passwords cannot be bound as parameters in DDL; they come from the operator's own URLs.
function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
