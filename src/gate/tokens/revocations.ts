// The ids (jti) of the tokens that were revoked before their end, in memory: asked at every call.
import type { Statement } from '../../platform/db/database.ts'
import { sql, tables } from '../../platform/db/statements.ts'

/** A row of app.token_revocation. */
export interface RevocationRow {
  readonly token_id: string
  readonly revoked_at: Date
  readonly expires_at: Date
}

export interface Revocations {
  has(tokenId: string): boolean
  /** What was revoked since the last rows that were added. */
  statement(): Statement<RevocationRow>
  /** `now` in milliseconds since 1970. */
  add(rows: readonly RevocationRow[], now: number): void
}

/** Rows carry the time their transaction began, and it may commit up to its time limit (30 s) later. */
const OVERLAP_MS = 60_000
/** An expired token is refused anyway; the margin is for clocks that differ. */
const REMEMBERED_AFTER_END_MS = 60_000

export function revocations(): Revocations {
  const ends = new Map<string, number>()
  let newest = 0
  let lastForgot = 0
  return {
    has: tokenId => ends.has(tokenId),
    statement: () =>
      tables<{ token_revocation: RevocationRow }>()
        .selectFrom('token_revocation')
        .select(['token_id', 'revoked_at', 'expires_at'])
        .where('revoked_at', '>', new Date(Math.max(0, newest - OVERLAP_MS)))
        .where(sql<boolean>`expires_at > now() - interval '1 minute'`),
    add(rows, now) {
      for (const row of rows) {
        ends.set(row.token_id, row.expires_at.getTime())
        newest = Math.max(newest, row.revoked_at.getTime())
      }
      if (now - lastForgot < REMEMBERED_AFTER_END_MS) return
      lastForgot = now
      for (const [tokenId, end] of ends) if (end + REMEMBERED_AFTER_END_MS < now) ends.delete(tokenId)
    },
  }
}
