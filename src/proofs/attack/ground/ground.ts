// What attacks stand on: two throw-away tenants with canaries in them, the way to the server, and, where its login was
// given, the database.
import type { Session } from '../../../platform/db/engine/engine.ts'
import type { SealWords } from '../../../platform/db/seal.ts'
import type { Api } from './api.ts'
import type { Mcp } from './mcp.ts'
import type { Wire } from './wire.ts'

export interface TenantGround {
  readonly name: 'A' | 'B'
  readonly slug: string
  readonly id: string
  /** A word of its documents alone. Others search for it, so it may come back in their answers. */
  readonly word: string
  /** Stands beside the word. Nobody else ever sends it: wherever it turns up at another tenant's, it leaked. */
  readonly secret: string
  /** For /mcp, of its user `ada`: reads and writes documents. */
  readonly token: string
  /** For /api, of the same user, with every scope there is; absent where the deployment signs no such tokens. */
  readonly apiToken: string | undefined
  /** Ids of what it has, by what they are of: also users, groups and keys where /api makes them. */
  readonly objects: TenantObjects
}

export interface TenantObjects {
  readonly document: string
  readonly blob: string
  readonly ingestion: string
  readonly [further: string]: string
}

export interface TokenWish {
  readonly tenant: string
  readonly user?: string
  readonly scopes?: readonly string[]
  readonly audience?: string
  readonly ttl_seconds?: number
}

export interface DatabaseGround {
  /** Runs statements in a transaction of the login that was given; it is rolled back, whatever happens. */
  inTransaction<T>(fn: (session: Session) => Promise<T>): Promise<T>
  /** Seals as the server makes them; absent when the keys are not at hand here. */
  readonly seal: ((words: SealWords) => string) | undefined
}

export interface Ground {
  readonly a: TenantGround
  readonly b: TenantGround
  /** A word in documents of both. */
  readonly common: string
  readonly wire: Wire
  readonly mcp: Mcp
  readonly api: Api
  /** As the operator. */
  operate(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>>
  token(wish: TokenWish): Promise<{ readonly token: string; readonly tokenId: string }>
  /** Signed for a second when the ground was made; it has run out after `shortLivedEnds` (milliseconds since 1970). */
  readonly shortLived: string
  readonly shortLivedEnds: number
  readonly database: DatabaseGround | undefined
  readonly signal: AbortSignal
}
