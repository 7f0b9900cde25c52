// What must hold for every table, key, view, function and role, read from Postgres' own catalog: whatever is added is
// covered at birth. Each sweep returns one sentence per problem, and the sentence names the object.
import type { Reader } from '../../../platform/db/database.ts'
import { sql, sqlFile } from '../../../platform/db/statements.ts'
import { readableOf } from './readable-documents.ts'

export type Sweep = (tx: Reader) => Promise<string[]>

/** Tables of schema `app` that no single tenant owns, and why each may exist. */
export const DEPLOYMENT_TABLES: Readonly<Record<string, string>> = {
  account: 'who can sign in, in whichever tenants; seen under a system seal',
  account_tenant: 'which user of which tenant an account is; seen under a system seal',
  applied_function: 'which text of each function file is applied; the owner alone reads it',
  deployment_audit: 'what operators did; outlives every tenant; seen under a system seal',
  deployment_audit_head: 'how far the chain of deployment_audit has come; seen under a system seal',
  embedding_model: 'which models there are; the same for everyone, the application only reads',
  isolation_check: 'attack sweeps that operators ran, with their reports; seen under a system seal',
  key_standing: 'hashes of API keys, for authentication; seen under a system seal',
  migration: 'which migrations are applied; the same for everyone, the application only reads',
  price: 'what models cost; the same for everyone, written under a system seal',
  seal_key: 'keys of the seal; only the seal functions, as the owner, read it',
  session: 'who is signed in; seen under a system seal',
  sign_in_link: 'hashes of one-time links; seen under a system seal',
  signing_key: 'public halves of the token keys; seen under a system seal',
  tenant: 'the registry; a tenant sees its own row, operators all',
  tier: 'what there is to choose from; the same for everyone, written under a system seal',
  token_revocation: 'revoked tokens; seen under a system seal',
  trusted_issuer: 'foreign issuers of tokens; seen under a system seal',
  user_standing:
    'role of each user and whether it is disabled, for authentication and the seal; seen under a system seal',
}

/** Tables of the list above whose rows a system seal alone may reach (`tenant` has a policy of its own besides). */
const UNDER_SYSTEM_SEAL = [
  'account',
  'account_tenant',
  'deployment_audit',
  'deployment_audit_head',
  'isolation_check',
  'key_standing',
  'session',
  'sign_in_link',
  'signing_key',
  'tenant',
  'token_revocation',
  'trusted_issuer',
  'user_standing',
]

/** Tables whose rows the owner (triggers, the seal's check, the chainer) reaches without a seal, besides. */
const OWNER_REGISTRIES = [
  'account_tenant',
  'deployment_audit',
  'deployment_audit_head',
  'key_standing',
  'tenant',
  'user_standing',
]

/** Functions that run with their owner's rights, and why each must. */
export const DEFINER_FUNCTIONS: Readonly<Record<string, string>> = {
  'app.open_seal()': 'reads the seal keys, which the caller may not see',
  'app.tenant_id()': 'opens the seal; reads the status of the tenant',
  'app.is_system()': 'opens the seal',
  'app.subject()': 'opens the seal',
  'app.has_right(wanted text)': 'opens the seal',
  'app.intern_access(users text[], groups uuid[])':
    'the only maker of access lists, so that none can be bent',
  'app.forget_unused_access()': 'the only remover of access lists',
  'app.leave_access(leaving_kind text, leaving text)':
    'takes who is removed off every list of the tenant, also off those its remover is not on',
  'app.forget_tasks_of(leaving text)':
    'forgets the tasks of a removed user, which whoever removes him does not see',
  'app.used_blobs(blobs uuid[])': 'which files are needed by documents that the caller may not see',
  'app.closed_documents()': 'which documents the policies hide; asks the tables without their policies',
  'app.closed_versions()': 'the same, as versions',
  'app.reads_few()':
    'whether the policies name what is readable instead; counts documents without their policies',
  'app.readable_versions()': 'which versions those are; asks the tables without their policies',
  'app.reserve_hold(hold_id uuid, step text, proof_hash bytea, call jsonb, at_least bigint, at_most bigint, lifetime interval)':
    'the only maker of holds and windows, so that none can be bent',
  'app.mark_sent(hold_id uuid, proof bytea)': 'marks the hold of whoever has its proof',
  'app.settle_hold(hold_id uuid, proof bytea, usage jsonb, cost bigint, basis text)':
    'the only writer of charges, for whoever has the proof of the hold',
  'app.grant_budget(budget uuid, whose text, amount bigint)': 'writes a window; asks for the right to',
  'app.move_to_next_tier(wanted text)':
    'moves a tenant where the operator lets it; asks for the right to write budgets',
  'app.correct_charge(row_id uuid, charge uuid, amount bigint, reason text)':
    'writes the ledger; asks for the right to',
  'app.note_user_standing()':
    'a trigger: copies how a user stands into the registry that no tenant may write',
  'app.note_key_standing()': 'a trigger: copies a key into the registry that authentication reads',
}

const ROLES = ['gatehouse_app', 'gatehouse_worker'] as const
const TENANT_POLICY = '(tenant_id = ( SELECT app.tenant_id() AS tenant_id))'
const SYSTEM_POLICY = '( SELECT app.is_system() AS is_system)'

// Schemas that are ours: what Postgres, an extension or nobody made is left out.
const ours = sql`(select n.oid from pg_namespace n where n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%')`
const notOfAnExtension = (oid: string) => sql`not exists (
  select from pg_depend d where d.objid = ${sql.raw(oid)} and d.deptype = 'e')`
const hasTenant = sql`exists (
  select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)`

/** Every table with a tenant_id, partitions included: row-level security enabled and forced, and tenant_id NOT NULL. */
export const tablesAreForced: Sweep = async tx => {
  const tables = await tx.all(sql<{ name: string; enabled: boolean; forced: boolean; nullable: boolean }>`
    select c.oid::regclass::text as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
      exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attnotnull) as nullable
    from pg_class c where c.relnamespace in ${ours} and c.relkind in ('r', 'p', 'f') and ${hasTenant}`)
  return tables.flatMap(({ name, enabled, forced, nullable }) => [
    ...(enabled ? [] : [`${name}: row-level security is not enabled`]),
    ...(forced ? [] : [`${name}: row-level security is not FORCED on its owner`]),
    ...(nullable ? [`${name}: tenant_id may be NULL`] : []),
  ])
}

/** Every table with a tenant_id (its partitions apart): each command is under the tenant's policy, and no other policy widens it. */
export const policiesAskForTheTenant: Sweep = async tx => {
  const tables = await tx.all(sql<{ name: string }>`
    select c.oid::regclass::text as name from pg_class c
    where c.relnamespace in ${ours} and c.relkind in ('r', 'p') and not c.relispartition and ${hasTenant}`)
  const policies = await allPolicies(tx)
  return tables.flatMap(({ name }) => {
    const own = policies.filter(policy => policy.table === name && policy.permissive)
    // A policy for the owner alone covers nothing of what the application does.
    const covering = own.filter(({ roles }) => roles.join() !== 'gatehouse_owner')
    const covered = covering.flatMap(policy =>
      policy.command === '*' ? ['r', 'a', 'w', 'd'] : [policy.command],
    )
    const missing = ['r', 'a', 'w', 'd'].filter(command => !covered.includes(command))
    return [
      ...(missing.length === 0 ? [] : [`${name}: no policy for ${missing.map(nameOf).join(', ')}`]),
      ...own.flatMap(policy => wrongPolicy(name, policy)),
    ]
  })
}

/** By tenant; for documents and what is made of them also by access list, except for the owner. */
function wrongPolicy(table: string, policy: Policy): string[] {
  if (isSweep(table, policy)) return []
  const readable = readableOf(table)
  if (readable === undefined || policy.roles.join() === 'gatehouse_owner')
    return wrongExpressions(policy, TENANT_POLICY)
  return wrongExpressions(policy, `(${TENANT_POLICY} AND${readable})`, TENANT_POLICY)
}

/** Lets the owner find out whose rows wait for a job, without asking every tenant in turn; it opens nothing to anyone else. */
const SWEPT_TABLES: Readonly<Record<string, string>> = {
  'app.hold': "(state = ANY (ARRAY['held'::text, 'sent'::text]))",
  'app.ledger': '(chained_as IS NULL)',
  'app.audit': '(chained_as IS NULL)',
  'app.budget_alert': '(delivered_at IS NULL)',
}
const NO_SEAL = '(( SELECT app.tenant_id() AS tenant_id) IS NULL)'

function isSweep(table: string, { name, command, roles, using }: Policy): boolean {
  return (
    name === 'owner_sweeps' &&
    command === 'r' &&
    roles.join() === 'gatehouse_owner' &&
    using === `(${NO_SEAL} AND ${SWEPT_TABLES[table] ?? ''})`
  )
}

interface Policy {
  readonly table: string
  readonly name: string
  /** r, a, w, d as in pg_policy: select, insert, update, delete; * for all. */
  readonly command: string
  readonly permissive: boolean
  readonly roles: readonly string[]
  readonly using: string | null
  readonly check: string | null
}

function allPolicies(tx: Reader): Promise<Policy[]> {
  return tx.all(sql<Policy>`
    select p.polrelid::regclass::text as "table", p.polname as name, p.polcmd as command, p.polpermissive as permissive,
      array(select coalesce(r.rolname, 'public')::text from unnest(p.polroles) as o left join pg_roles r on r.oid = o) as roles,
      pg_get_expr(p.polqual, p.polrelid) as "using", pg_get_expr(p.polwithcheck, p.polrelid) as "check"
    from pg_policy p order by 1, 2`)
}

function nameOf(command: string): string {
  return (
    ({ r: 'select', a: 'insert', w: 'update', d: 'delete' } as Record<string, string>)[command] ?? command
  )
}

function wrongExpressions(
  { table, name, command, using, check }: Policy,
  expected: string,
  expectedCheck = expected,
): string[] {
  const usingMatters = command !== 'a'
  const checkMatters = command !== 'r' && command !== 'd'
  return [
    ...(usingMatters && using !== expected
      ? [`${table}: policy ${name} has USING ${using ?? 'nothing'}, not ${expected}`]
      : []),
    ...(checkMatters && check !== expectedCheck
      ? [`${table}: policy ${name} has WITH CHECK ${check ?? 'nothing'}, not ${expectedCheck}`]
      : []),
  ]
}

/** Every primary, unique, exclusion and foreign key of a table with a tenant_id begins with it, on both sides. */
export const keysBeginWithTheTenant: Sweep = async tx => {
  const unique = await tx.all(sql<{ name: string; key: string }>`
    select c.oid::regclass::text as name, i.indexrelid::regclass::text as key
    from pg_index i join pg_class c on c.oid = i.indrelid
    where c.relnamespace in ${ours} and ${hasTenant} and (i.indisunique or i.indisexclusion)
      and i.indkey[0] is distinct from (select a.attnum from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')`)
  const foreign = await tx.all(sql<{ name: string; key: string }>`
    select f.conrelid::regclass::text as name, f.conname as key
    from pg_constraint f join pg_class c on c.oid = f.conrelid join pg_class target on target.oid = f.confrelid
    join pg_attribute here on here.attrelid = f.conrelid and here.attnum = f.conkey[1]
    join pg_attribute there on there.attrelid = f.confrelid and there.attnum = f.confkey[1]
    where f.contype = 'f' and c.relnamespace in ${ours}
      and (${hasTenant} or exists (select from pg_attribute a where a.attrelid = f.confrelid and a.attname = 'tenant_id'))
      and not (here.attname = 'tenant_id' and (there.attname = 'tenant_id' or f.confrelid = to_regclass('app.tenant')))`)
  return [
    ...unique.map(
      ({ name, key }) =>
        `${name}: unique key ${key} does not begin with tenant_id, so it tells of other tenants`,
    ),
    ...foreign.map(
      ({ name, key }) => `${name}: foreign key ${key} does not begin with tenant_id on both sides`,
    ),
  ]
}

/** A partition is reached through its parent alone: nobody but the owner has a right on it, and no policy opens it. */
export const partitionsAreClosed: Sweep = async tx => {
  const open = await tx.all(sql<{ name: string; grantee: string }>`
    select c.oid::regclass::text as name, coalesce(r.rolname, 'public') as grantee
    from pg_class c, aclexplode(c.relacl) as g left join pg_roles r on r.oid = g.grantee
    where c.relispartition and c.relnamespace = 'app'::regnamespace and g.grantee <> c.relowner
    union select c.oid::regclass::text, 'a policy: ' || p.polname
    from pg_class c join pg_policy p on p.polrelid = c.oid
    where c.relispartition and c.relnamespace = 'app'::regnamespace`)
  return open.map(({ name, grantee }) => `${name}: the partition is open to ${grantee}`)
}

/** A table of schema app without a tenant_id is on the list, and where it says so under the system seal. */
export const otherTablesAreListed: Sweep = async tx => {
  const found = await tx.all(sql<{ name: string; forced: boolean }>`
    select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced from pg_class c
    where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p', 'f') and not ${hasTenant}`)
  const names = found.map(({ name }) => name)
  const policies = (await allPolicies(tx)).filter(policy => policy.permissive)
  return [
    ...names
      .filter(name => !(name in DEPLOYMENT_TABLES))
      .map(name => `app.${name}: has no tenant_id and is not on the list`),
    ...Object.keys(DEPLOYMENT_TABLES)
      .filter(name => !names.includes(name))
      .map(name => `app.${name}: is on the list but does not exist`),
    ...found
      .filter(({ name, forced }) => UNDER_SYSTEM_SEAL.includes(name) && !forced)
      .map(({ name }) => `app.${name}: row-level security is not forced`),
    ...UNDER_SYSTEM_SEAL.flatMap(name => systemPolicyProblems(`app.${name}`, policies)),
  ]
}

// The registry has two more: a tenant sees its own row; the seal's check of the status runs as the owner.
function systemPolicyProblems(table: string, policies: readonly Policy[]): string[] {
  const own = policies.filter(policy => policy.table === table)
  const others = own.filter(policy => policy.name !== 'operators')
  const expectedOthers = [
    ...(table === 'app.tenant' ? ['own_row'] : []),
    ...(OWNER_REGISTRIES.includes(table.replace('app.', '')) ? ['owner_registry'] : []),
  ]
  return [
    ...(own.some(policy => policy.name === 'operators' && policy.command === '*')
      ? []
      : [`${table}: no policy operators for all commands`]),
    ...own
      .filter(policy => policy.name === 'operators')
      .flatMap(policy => wrongExpressions(policy, SYSTEM_POLICY)),
    ...others
      .filter(policy => !expectedOthers.includes(policy.name))
      .map(policy => `${table}: policy ${policy.name} is not known`),
    ...others
      .filter(
        ({ name, command, using }) =>
          name === 'own_row' &&
          (command !== 'r' || using !== '(id = ( SELECT app.tenant_id() AS tenant_id))'),
      )
      .map(() => `${table}: policy own_row shows more than the own row`),
    ...others
      .filter(({ name, roles }) => name === 'owner_registry' && roles.join() !== 'gatehouse_owner')
      .map(({ roles }) => `${table}: policy owner_registry is open to ${roles.join(', ')}`),
  ]
}

/** Views ask with the caller's rights; materialized views and foreign tables know no row-level security, so there are none. */
export const viewsAreInvokers: Sweep = async tx => {
  const views = await tx.all(sql<{ name: string; kind: string }>`
    select c.oid::regclass::text as name, c.relkind as kind from pg_class c
    where c.relnamespace in ${ours} and ${notOfAnExtension('c.oid')}
      and (c.relkind in ('m', 'f') or c.relkind = 'v' and not coalesce('security_invoker=true' = any(c.reloptions), false))`)
  const what: Record<string, string> = {
    v: 'the view is not security_invoker',
    m: 'is a materialized view',
    f: 'is a foreign table',
  }
  return views.map(({ name, kind }) => `${name}: ${what[kind] ?? kind}`)
}

/** The roles that serve, and every login that has joined them: no attribute, no ownership, no membership beyond, no right but on rows. */
export const rolesAreHarmless: Sweep = async tx => {
  const roles = await tx.all(servingRoles({ roles: [...ROLES] }))
  return roles.flatMap(({ name, attributes, owns, groups, rights }) => [
    ...attributes.map(attribute => `${name}: has ${attribute}`),
    ...owns.map(object => `${name}: owns ${object}`),
    ...groups.map(group => `${name}: is a member of ${group}`),
    ...rights.map(right => `${name}: has ${right}`),
  ])
}

const servingRoles = sqlFile<{ roles: string[] }, Role>(import.meta.url, './serving-roles.sql')

interface Role {
  readonly name: string
  readonly attributes: string[]
  readonly owns: string[]
  readonly groups: string[]
  readonly rights: string[]
}

/** What the worker, which runs no tenant's code, may not even touch; and what nobody but the owner is given unasked. */
export const nothingIsOpenByDefault: Sweep = async tx => {
  const worker = await tx.all(sql<{ name: string }>`
    select c.oid::regclass::text as name from pg_class c where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p', 'v')
      and has_table_privilege('gatehouse_worker', c.oid, 'select, insert, update, delete')`)
  const everyone = await tx.all(sql<{ name: string; kind: string }>`
    select c.oid::regclass::text as name, 'relation' as kind from pg_class c, aclexplode(c.relacl) g
      where c.relnamespace in ${ours} and g.grantee = 0 and ${notOfAnExtension('c.oid')}
    union select n.nspname, 'schema' from pg_namespace n, aclexplode(n.nspacl) g where n.nspname in ('app', 'pgboss') and g.grantee = 0
    union select 'default privileges of ' || d.defaclrole::regrole, 'default' from pg_default_acl d, aclexplode(d.defaclacl) g where g.grantee <> d.defaclrole`)
  return [
    ...worker.map(({ name }) => `${name}: open to gatehouse_worker`),
    ...everyone.map(({ name }) => `${name}: open to everyone`),
  ]
}

interface OwnFunction {
  readonly name: string
  readonly definer: boolean
  readonly pinned: boolean
  readonly everyone: boolean
  readonly owner: string
}

const ownFunctions = sqlFile<Record<string, never>, OwnFunction>(import.meta.url, './own-functions.sql')

/** Functions of ours: definers are on the list with a pinned search_path; none may be called by everyone. */
export const functionsArePinned: Sweep = async tx => {
  const functions = await tx.all(ownFunctions({}))
  const definers = functions.filter(({ definer }) => definer)
  const inputs = (name: string) => name.replace(/(, )?OUT \w+ [^,)]+/g, '').replace('(, ', '(')
  return [
    ...functions.filter(({ everyone }) => everyone).map(({ name }) => `${name}: everyone may call it`),
    ...definers.filter(({ pinned }) => !pinned).map(({ name }) => `${name}: its search_path is not pinned`),
    ...definers
      .filter(({ owner }) => owner !== 'gatehouse_owner')
      .map(({ name, owner }) => `${name}: runs with the rights of ${owner}`),
    ...definers
      .filter(({ name }) => !(inputs(name) in DEFINER_FUNCTIONS))
      .map(({ name }) => `${name}: runs with its owner's rights and is not on the list`),
    ...Object.keys(DEFINER_FUNCTIONS)
      .filter(name => !definers.some(found => inputs(found.name) === name))
      .map(name => `${name}: is on the list but is no definer function`),
  ]
}

export const SWEEPS: Readonly<Record<string, Sweep>> = {
  tablesAreForced,
  policiesAskForTheTenant,
  keysBeginWithTheTenant,
  partitionsAreClosed,
  otherTablesAreListed,
  viewsAreInvokers,
  rolesAreHarmless,
  nothingIsOpenByDefault,
  functionsArePinned,
}

/** All of them; empty when everything holds. */
export async function sweepCatalog(tx: Reader): Promise<string[]> {
  const problems: string[] = []
  for (const sweep of Object.values(SWEEPS)) problems.push(...(await sweep(tx)))
  return problems
}
