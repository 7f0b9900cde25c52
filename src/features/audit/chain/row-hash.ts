// The link of the chain: the hash over an audit row and the hash before it. The chainer writes it and whoever verifies
// computes it anew, by this one function. Format 1 is what chains in use are made of: it never changes.
import { createHash } from 'node:crypto'

/** What a chain binds of a row: all of it. */
export interface ChainedRow {
  /** Null in the deployment's audit, as is `token_id`. */
  readonly tenant_id: string | null
  readonly id: string
  /** The order of arrival, which need not be the order of the chain. */
  readonly sequence: bigint
  /** Microseconds since 1970; null for a time that no clock shows (only the database's owner can write one). */
  readonly at_us: bigint | null
  readonly subject: string
  readonly token_id: string | null
  readonly operation: string
  readonly object: string | null
  readonly outcome: string
  readonly fault: string | null
  readonly request_id: string
  readonly trace_id: string
  /** The row's place in the chain, from 1. */
  readonly chained_as: bigint
}

/** A row with the link that it says it has. */
export interface LinkedRow extends ChainedRow {
  readonly chain_hash: Uint8Array | null
}

const FORMAT = Buffer.from('gatehouse audit row, format 1\0')

/** What the first row of a chain is linked to. */
export const FIRST_HEAD: Uint8Array = new Uint8Array(32)

/** SHA-256 over the previous hash (32 bytes) and the row's canonical bytes. */
export function rowHash(previous: Uint8Array, row: ChainedRow): Uint8Array {
  return new Uint8Array(createHash('sha256').update(previous).update(canonicalBytes(row)).digest())
}

/**
 * The format's name, then each value: one byte that says whether there is one and, if so, its length in UTF-8 bytes
 * (32 bits, big-endian) and the bytes. So no two rows have the same bytes, and NULL is not the empty text.
 */
export function canonicalBytes(row: ChainedRow): Buffer {
  const values = [
    row.tenant_id,
    row.id,
    String(row.sequence),
    row.at_us === null ? null : String(row.at_us),
    row.subject,
    row.token_id,
    row.operation,
    row.object,
    row.outcome,
    row.fault,
    row.request_id,
    row.trace_id,
    String(row.chained_as),
  ]
  const bytes = Buffer.allocUnsafe(
    values.reduce((sum, value) => sum + 5 + Buffer.byteLength(value ?? ''), FORMAT.length),
  )
  let end = FORMAT.copy(bytes)
  for (const value of values) end = writeValue(bytes, end, value)
  return bytes.subarray(0, end)
}

/** Returns where the next one begins. */
function writeValue(bytes: Buffer, start: number, value: string | null): number {
  if (value === null) return bytes.writeUInt8(0, start)
  const length = bytes.write(value, start + 5)
  bytes.writeUInt8(1, start)
  bytes.writeUInt32BE(length, start + 1)
  return start + 5 + length
}

export function sameHash(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.from(one.buffer, one.byteOffset, one.length).equals(other)
}
