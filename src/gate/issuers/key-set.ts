// A JSON Web Key Set (RFC 7517) of somebody else: what of it can verify RS256 is taken, the rest is passed over.
import { importJWK, type CryptoKey } from 'jose'
import type { webcrypto } from 'node:crypto'
import { z } from 'zod'
import { fault } from '../../platform/faults.ts'
import { TOKEN_ALGORITHM } from '../tokens/access-token.ts'
import { MIN_MODULUS_BITS } from '../tokens/signing-keys.ts'

/** A signature of a key of this size takes a millisecond to verify; of a larger one, much longer. */
const MAX_MODULUS_BITS = 8_192
const MAX_KEYS = 100

const KeySet = z.object({ keys: z.array(z.unknown()).max(MAX_KEYS) })
const UsableKey = z.object({
  kty: z.literal('RSA'),
  kid: z.string().min(1).max(500),
  n: z.string(),
  e: z.string(),
  alg: z.literal(TOKEN_ALGORITHM).optional(),
  use: z.literal('sig').optional(),
})

/** The keys by their names. Throws `invalid_input` when there is none to use. */
export async function readKeySet(text: string): Promise<ReadonlyMap<string, CryptoKey>> {
  const found = new Map<string, CryptoKey>()
  for (const candidate of keysIn(text)) {
    const parsed = UsableKey.safeParse(candidate)
    // Of two keys under one name the first stands: a later one cannot take its place.
    if (!parsed.success || found.has(parsed.data.kid)) continue
    const key = await imported(parsed.data)
    if (key !== undefined) found.set(parsed.data.kid, key)
  }
  if (found.size > 0) return found
  throw fault('invalid_input', {
    reason: 'no_usable_key',
    say: `The key set has no RSA key for ${TOKEN_ALGORITHM} with a kid and ${MIN_MODULUS_BITS} to ${MAX_MODULUS_BITS} bits.`,
  })
}

function keysIn(text: string): unknown[] {
  try {
    return KeySet.parse(JSON.parse(text)).keys
  } catch (error) {
    throw fault('invalid_input', {
      reason: 'no_key_set',
      say: 'What the address answers is not a JSON Web Key Set.',
      because: error,
    })
  }
}

/** Only the public members go on, whatever else the key may say of itself. */
async function imported({ kty, n, e }: z.output<typeof UsableKey>): Promise<CryptoKey | undefined> {
  try {
    const key = await importJWK({ kty, n, e }, TOKEN_ALGORITHM)
    const { modulusLength: bits, publicExponent } = key.algorithm as webcrypto.RsaHashedKeyAlgorithm
    const isExponentSound = publicExponent.some(
      (byte, place) => byte > (place === publicExponent.length - 1 ? 1 : 0),
    )
    return bits >= MIN_MODULUS_BITS && bits <= MAX_MODULUS_BITS && isExponentSound ? key : undefined
  } catch {
    return undefined
  }
}
