// Who calls and what a call may open. Every door of a call is bound to its principal; an operation gets
// no other way to the database.
import type { Spend } from './money/spend.ts'
import type { Reader, Statement, SystemReason, Writer } from '../platform/db/database.ts'

/** A verified caller. Frozen by `authenticate`; nothing in a request can change it. */
export interface TenantPrincipal {
  readonly realm: 'tenant'
  readonly tenantId: string
  readonly subject: string
  /** What this caller may ask for now: the credential's scopes, within those of the user's role where it has one. */
  readonly scopes: ReadonlySet<string>
  /** Which credential it came with: a token's jti, `key:<id>` or `session:<…>`; and its end, in seconds since 1970. */
  readonly tokenId: string
  readonly expiresAt: number
}

/** An operator of the deployment: whoever can open the owner-only socket or holds the database URLs. */
export interface DeploymentPrincipal {
  readonly realm: 'deployment'
  readonly subject: string
}

export type Principal = TenantPrincipal | DeploymentPrincipal

interface AnyCall {
  readonly requestId: string
  readonly traceId: string
  /** Aborted when the caller goes away or the server stops waiting. */
  readonly signal: AbortSignal
}

/** A call of a read operation: it can read and nothing else. */
export interface ReadCall extends AnyCall {
  readonly principal: TenantPrincipal
  read<T>(fn: (tx: Reader) => Promise<T>): Promise<T>
  /** A fixed list of statements in one exchange. */
  readBatch<const Rows extends readonly unknown[]>(
    statements: {
      readonly [K in keyof Rows]: Statement<Rows[K]>
    },
  ): Promise<{ -readonly [K in keyof Rows]: Rows[K][] }>
  /** The way to a provider that is paid: reserve, do it, settle. Not from within a transaction. */
  readonly spend: Spend
  /** Names what the call touched, for the audit row: 'document:0198…'. */
  about(object: string): void
}

/** A call of a write operation. `write` puts the audit row into that same transaction. */
export interface WriteCall extends ReadCall {
  /** `timeoutMs` where 30 s may be too short for what one call has to do. */
  write<T>(fn: (tx: Writer) => Promise<T>, options?: { readonly timeoutMs?: number }): Promise<T>
}

/** A call of a deployment operation: it sees deployment tables and no tenant's rows. */
export interface SystemCall extends AnyCall {
  readonly principal: DeploymentPrincipal
  system<T>(reason: SystemReason, fn: (tx: Writer) => Promise<T>): Promise<T>
  about(object: string): void
}
