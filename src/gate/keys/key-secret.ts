// How the secret of a key is kept: as SHA-256 of a salt and the secret. The secret has 256 random bits, so nobody finds
// it by trying, however fast the hash; the salt keeps equal secrets from looking equal.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

const SALT_BYTES = 16

export interface KeptSecret {
  readonly salt: Uint8Array
  readonly secretHash: Uint8Array
}

export function keepSecret(secret: string): KeptSecret {
  const salt = randomBytes(SALT_BYTES)
  return { salt, secretHash: hashOf(salt, secret) }
}

/** Takes the same time whether there is such a key or not, and wherever the first difference is. */
export function isSecretOf(secret: string, kept: KeptSecret | undefined): boolean {
  const { salt, secretHash } = kept ?? NOBODYS
  const given = hashOf(salt, secret)
  const isEqual = secretHash.length === given.length && timingSafeEqual(given, secretHash)
  return isEqual && kept !== undefined
}

function hashOf(salt: Uint8Array, secret: string): Uint8Array {
  return createHash('sha256').update(salt).update(secret).digest()
}

const NOBODYS: KeptSecret = { salt: new Uint8Array(SALT_BYTES), secretHash: new Uint8Array(32) }
