// Secrets that are handed out once (a session's cookie, the code of a link): 256 random bits, of which the database
// keeps the SHA-256. No slow hash: nobody guesses 256 bits.
import { hash, randomBytes } from 'node:crypto'

export interface SecretCode {
  /** 43 characters of base64url, for its owner alone. */
  readonly text: string
  /** What the table holds. */
  readonly digest: Buffer
}

const CODE = /^[A-Za-z0-9_-]{43}$/

export function newSecretCode(): SecretCode {
  const text = randomBytes(32).toString('base64url')
  return { text, digest: hash('sha256', text, 'buffer') }
}

/** What the table would hold of a code that somebody presents; undefined when it cannot be one of ours. */
export function digestOfCode(text: string): Buffer | undefined {
  return CODE.test(text) ? hash('sha256', text, 'buffer') : undefined
}
