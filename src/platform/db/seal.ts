// Mints the tenant seal (its format and check: seal.fn.sql). A seal says whose rows a transaction may see and
// is signed with a key that the database role cannot read; it lives as long as the transaction may.
import { createHmac, randomBytes } from 'node:crypto'
import { storableText } from '../storable-text.ts'
import type { Right } from './database.ts'

export type Realm = 'tenant' | 'system' | 'maintenance'

export type Reads = 'all' | 'listed'

export interface SealKey {
  readonly id: string
  /** 32 random bytes. */
  readonly secret: Buffer
}

export interface SealWords {
  readonly realm: Realm
  /** A UUID; empty in the system realm. */
  readonly tenantId: string
  readonly subject: string
  /** Every document of the tenant, or those that the subject's access lists open. */
  readonly reads: Reads
  readonly rights?: readonly Right[]
  readonly lifetimeMs: number
  /** The backend the seal is for, 0 for any. */
  readonly pid: number
}

/** Beyond the transaction's own time, for clocks that differ; start-up refuses a larger difference. */
export const CLOCK_ALLOWANCE_MS = 10_000

export function mintSeal(key: SealKey, words: SealWords): string {
  // The database reads the subject as text, and not every string is text to it.
  const subject = Buffer.from(storableText(words.subject).text).toString('hex')
  const nonce = randomBytes(9).toString('hex')
  const expiry = Date.now() + words.lifetimeMs + CLOCK_ALLOWANCE_MS
  const payload = `2.${key.id}.${words.realm}.${words.tenantId}.${subject}.${nonce}.${expiry}.${words.pid}.${[words.reads, ...(words.rights ?? [])].join('+')}`
  return `${payload}.${createHmac('sha256', key.secret).update(payload).digest('hex')}`
}

/** The two SHA-256 blocks that HMAC starts from (RFC 2104), which is all the database needs to check a seal. */
export function pads(secret: Buffer): { inner: Buffer; outer: Buffer } {
  const block = Buffer.alloc(64)
  secret.copy(block)
  return { inner: block.map(byte => byte ^ 0x36) as Buffer, outer: block.map(byte => byte ^ 0x5c) as Buffer }
}
