// RL07, OP13 and the rest of what a login must not be able to do: each statement is tried in a transaction that is
// rolled back, and has to be refused.
import { sql } from '../../../platform/db/statements.ts'
import { each, found, held, judged, type Attack } from '../attack.ts'
import { ofLogin } from './of-database.ts'
import { readerOf, stateOf } from './open-database.ts'

interface Login {
  readonly name: string
  readonly superuser: boolean
  readonly bypass: boolean
  readonly owner: boolean
  readonly owns: number
}

export const harmlessLogin: Attack = ofLogin(
  'RL07',
  'the login: superuser, BYPASSRLS, owner',
  async database => {
    const login = await database.inTransaction(session =>
      readerOf(session).first(sql<Login>`
      select r.rolname as name, r.rolsuper as superuser, r.rolbypassrls as bypass,
        pg_has_role(r.oid, 'gatehouse_owner', 'member') as owner,
        (select count(*)::int from pg_class c where c.relowner = r.oid and c.relnamespace = 'app'::regnamespace) as owns
      from pg_roles r where r.rolname = session_user`),
    )
    if (login === undefined) return found('the login is not in the catalog')
    const what = [
      ...(login.superuser ? ['is a superuser'] : []),
      ...(login.bypass ? ['has BYPASSRLS'] : []),
      ...(login.owner ? ['is the schema’s owner or a member of it'] : []),
      ...(login.owns > 0 ? [`owns ${login.owns} tables`] : []),
    ]
    if (what.length === 0) return held(`${login.name} is bound by every policy`)
    return found(`${login.name} ${what.join(', ')}: row-level security does not bind it`)
  },
)

/** What PostgreSQL answers who may not. */
const REFUSED = '42501'

function refusals(id: string, title: string, statements: readonly string[]): Attack {
  return ofLogin(id, title, async database =>
    judged(
      await each(statements, async text => {
        const state = await database.inTransaction(session => stateOf(session.send({ text })))
        return state === REFUSED ? undefined : `${text} ended with ${state}, not ${REFUSED}`
      }),
      'permission denied',
    ),
  )
}

export const refusedStatements: readonly Attack[] = [
  refusals('RL17', 'a function or table of one’s own, to be leaked to', [
    'create temp table document (id uuid)',
    `create function pg_temp.leak(text) returns bool language sql as 'select true'`,
    `create function app.leak(text) returns bool language sql as 'select true'`,
    `create function public.leak(text) returns bool language sql as 'select true'`,
  ]),
  refusals('RL18', 'objects that stand in front of real ones', [
    'create table public.document (id uuid)',
    'create view app.shadow as select 1 as n',
    'create schema shadow',
  ]),
  refusals('RL19', 'COPY to programs and files', [
    `copy (select 1) to program 'true'`,
    `copy app.document from program 'true'`,
    `copy (select 1) to '/tmp/gatehouse-attack'`,
  ]),
  ofLogin('RL22', 'row_security = off', async database => {
    const state = await database.inTransaction(async session => {
      await session.send({ text: 'set local row_security = off' })
      return stateOf(session.send({ text: 'select count(*) from app.document' }))
    })
    return state === REFUSED
      ? held('an error, not data')
      : found(`the query ended with ${state}, not ${REFUSED}`)
  }),
  refusals('RL23', 'SET ROLE and SESSION AUTHORIZATION', [
    'set role gatehouse_owner',
    'set local role gatehouse_worker',
    `select set_config('role', 'gatehouse_owner', true)`,
    'set session authorization gatehouse_owner',
    `select set_config('session_authorization', 'gatehouse_owner', true)`,
  ]),
  refusals('OP13', 'DDL and the owner’s tables as the application', [
    'create table app.mine (id uuid)',
    'select * from app.seal_key',
    'select * from app.open_seal()',
    'select lo_create(0)',
    'create role mine',
    'alter role current_user bypassrls',
  ]),
]
