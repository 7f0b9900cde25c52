// The public halves of the signing keys, as authentication knows them: imported once, looked up by exact name.
// A key's name from a token touches neither a file nor SQL.
import { importJWK, type CryptoKey, type JWK } from 'jose'
import type { webcrypto } from 'node:crypto'
import { z } from 'zod'
import { sql, tables } from '../../platform/db/statements.ts'
import { TOKEN_ALGORITHM } from './access-token.ts'

/** A row of app.signing_key. */
export interface SigningKeyRow {
  readonly kid: string
  readonly public_jwk: unknown
  readonly status: 'active' | 'retiring' | 'retired'
  readonly created_at: Date
  readonly accepted_until: Date | null
}

type KnownRow = Pick<SigningKeyRow, 'kid' | 'public_jwk' | 'accepted_until'>

export interface SigningKeys {
  /** The key by that name, if tokens it signed are accepted at `now` (milliseconds since 1970). */
  find(kid: string, now: number): CryptoKey | undefined
  /** The name of the key that signs now; undefined when there is none. */
  activeKid(): string | undefined
  /** Puts what the database holds in place of what was known. Resolves to the keys that were refused, and why. */
  replace(rows: readonly KnownRow[]): Promise<string[]>
  /** The JSON Web Key Set (RFC 7517) of all accepted keys. */
  jwks(now: number): { keys: JWK[] }
}

export const MIN_MODULUS_BITS = 2048
const RsaPublicKey = z.object({ kty: z.literal('RSA'), n: z.string(), e: z.string() })

/** The keys that are accepted now or were a moment ago. */
export const acceptedKeys = tables<{ signing_key: SigningKeyRow }>()
  .selectFrom('signing_key')
  .select(['kid', 'public_jwk', 'accepted_until'])
  .where('status', '<>', 'retired')
  .where(sql<boolean>`coalesce(accepted_until > now(), true)`)

interface KnownKey {
  readonly key: CryptoKey
  readonly jwk: z.output<typeof RsaPublicKey>
  readonly acceptedUntil: number
}

export function signingKeys(): SigningKeys {
  let known: ReadonlyMap<string, KnownKey> = new Map()
  return {
    find(kid, now) {
      const found = known.get(kid)
      return found !== undefined && found.acceptedUntil > now ? found.key : undefined
    },
    // The one without an end: a check of the table holds the two together, and its index lets one be active.
    activeKid: () =>
      [...known].find(([, { acceptedUntil }]) => acceptedUntil === Number.POSITIVE_INFINITY)?.[0],
    async replace(rows) {
      const next = new Map<string, KnownKey>()
      const problems: string[] = []
      for (const row of rows) {
        try {
          next.set(row.kid, await knownKey(row, known.get(row.kid)))
        } catch (error) {
          problems.push(
            `signing key ${row.kid} is refused: ${error instanceof Error ? error.message : String(error)}`,
          )
        }
      }
      known = next
      return problems
    },
    jwks(now) {
      const accepted = [...known].filter(([, key]) => key.acceptedUntil > now)
      return { keys: accepted.map(([kid, { jwk }]) => ({ ...jwk, kid, alg: TOKEN_ALGORITHM, use: 'sig' })) }
    },
  }
}

async function knownKey(row: KnownRow, before: KnownKey | undefined): Promise<KnownKey> {
  // Only the public members go on, whatever else the row may hold.
  const jwk = RsaPublicKey.parse(row.public_jwk)
  const acceptedUntil = row.accepted_until?.getTime() ?? Number.POSITIVE_INFINITY
  if (before?.jwk.n === jwk.n && before.jwk.e === jwk.e) return { ...before, acceptedUntil }
  const key = await importJWK(jwk, TOKEN_ALGORITHM)
  const bits = (key.algorithm as webcrypto.RsaHashedKeyAlgorithm).modulusLength
  if (bits < MIN_MODULUS_BITS) throw new Error(`${bits} bits; at least ${MIN_MODULUS_BITS} are needed`)
  return { key, jwk, acceptedUntil }
}
