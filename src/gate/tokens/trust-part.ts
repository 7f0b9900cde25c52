// One of the things that authentication knows by heart: read with the others, in one transaction, once a second.
import type { Reader } from '../../platform/db/database.ts'

export interface TrustPart {
  /**
   * Takes in what the database holds. `now` in milliseconds since 1970. Resolves to what of it was refused, and why.
   * It runs inside a transaction: nothing that waits for somebody else belongs here.
   */
  load(tx: Reader, now: number): Promise<readonly string[]>
  /** Whether the credential of that id (`key:<id>`) was revoked, for a part that knows credentials. */
  isRevoked?(tokenId: string): boolean
}
