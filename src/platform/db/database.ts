// The face of the database: the only ways to reach rows. Who calls enters here, as a scope; everything
// below (engine, pool, seal) is out of sight, everything above never sees a connection.
import type { CompiledQuery, QueryExecutorProvider } from 'kysely'

/** Anything that compiles to one statement: a Kysely builder, the `sql` tag, or what `sqlFile` returns. */
export type Statement<Row = unknown> =
  | CompiledQuery<Row>
  | { compile(executor: QueryExecutorProvider): CompiledQuery<Row> }

/** An open read-only transaction. A write through it is refused by Postgres (25006). */
export interface Reader {
  /** All rows. Several calls in one tick travel in one exchange. */
  all<Row>(statement: Statement<Row>): Promise<Row[]>
  /** The first row, or undefined. */
  first<Row>(statement: Statement<Row>): Promise<Row | undefined>
}

/** An open read-write transaction. */
export interface Writer extends Reader {
  /** Runs a statement for its effect and returns the number of rows it touched. */
  run(statement: Statement): Promise<number>
}

/** people: write users and groups. budgets: limit what users, keys, models and tasks spend. grants: the tenant's own limit. */
export type Right = 'people' | 'budgets' | 'grants'

/** Who a transaction belongs to. `tenantId` is a UUID, always the verified principal's. */
export interface TenantScope {
  readonly tenantId: string
  readonly subject: string
  /** 'all' for those who may see every document of the tenant; otherwise the subject's access lists decide. */
  readonly reads?: 'all' | 'listed' | undefined
  /** What nobody else's transaction can do, however its SQL came about. None by default. */
  readonly rights?: readonly Right[] | undefined
  /** Aborting it stops the running statement in the server; embedded, the caller is answered and the result discarded. */
  readonly signal?: AbortSignal | undefined
  /** Upper bound of the whole transaction; 30,000 by default. */
  readonly timeoutMs?: number | undefined
  /** Nobody waits for it: on the embedded engine's one session, calls go first. */
  readonly isBackground?: boolean | undefined
}

/**
 * Why code may act without a tenant. Such a transaction sees the deployment's own tables (tenants, keys,
 * revocations, deployment audit) and not one row of a tenant's. The list is closed; SECURITY.md prints it.
 */
export const SYSTEM_REASONS = {
  load_keys:
    'read what authentication checks: public keys, revocations, how users and API keys stand, trusted issuers',
  manage_keys: 'create, rotate, retire signing keys; revoke tokens (operators)',
  manage_tenants: 'list, create, suspend, remove tenants (operators)',
  manage_people: 'accounts, sign-in links, sessions, operators and their keys (operators)',
  manage_money: 'set tiers and the prices of models (operators)',
  manage_issuers: 'list, trust and distrust foreign issuers of tokens (operators)',
  sign_in:
    'check a password, a session or a link for somebody who is not known yet; note that a key was used',
  record_audit: 'write the audit rows of deployment operations',
  read_audit: 'list and verify the audit of the deployment (operators)',
  read_models: 'read which embedding model answers searches',
  read_status: 'read how the deployment stands: versions, lengths of queues, ages of keys (operators)',
  check_isolation: 'start, write down and show the attack sweeps on this deployment (operators)',
  send_hint: 'notify oneself, to know whether notifications arrive',
  check_startup: 'prove at start that role, schema and seal are sound',
} as const

export type SystemReason = keyof typeof SYSTEM_REASONS

/** The database as the application role sees it. */
export interface Database {
  readonly engine: 'pglite' | 'postgres'
  /** Runs `fn` in a read-only transaction under the tenant's seal. */
  readAs<T>(scope: TenantScope, fn: (tx: Reader) => Promise<T>): Promise<T>
  /** Runs a fixed list of statements in ONE exchange (BEGIN, seal, statements, COMMIT) and returns their rows. */
  readBatchAs<const Rows extends readonly unknown[]>(
    scope: TenantScope,
    statements: { readonly [K in keyof Rows]: Statement<Rows[K]> },
  ): Promise<{ -readonly [K in keyof Rows]: Rows[K][] }>
  /** Runs `fn` in a read-write transaction under the tenant's seal; commits when it resolves, rolls back when it throws. */
  writeAs<T>(scope: TenantScope, fn: (tx: Writer) => Promise<T>): Promise<T>
  /** Runs `fn` in a transaction that sees deployment tables only. */
  system<T>(reason: SystemReason, fn: (tx: Writer) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** The database as the schema's owner sees it: migrations and the maintainer worker. Row-level security binds it too. */
export interface OwnerDatabase {
  readonly engine: 'pglite' | 'postgres'
  /** One statement outside any transaction (DETACH … CONCURRENTLY, CREATE INDEX CONCURRENTLY), under these settings. */
  runAlone(sql: string, settings?: Readonly<Record<string, string>>): Promise<void>
  /** A transaction as the owner; `exec` runs a whole script of statements without values. */
  transaction<T>(fn: (tx: Writer & { exec(script: string): Promise<void> }) => Promise<T>): Promise<T>
  /** A transaction under a maintenance seal: sees one tenant's rows, whatever the tenant's status. */
  maintain<T>(tenantId: string, fn: (tx: Writer) => Promise<T>): Promise<T>
  close(): Promise<void>
}
