// What every chain is made of, whatever its rows say: values as bytes, and the hash that links them to what came before.
import { createHash } from 'node:crypto'

/** What the first row of a chain is linked to. */
export const FIRST_HEAD: Uint8Array = new Uint8Array(32)

/** How far a chain has come: its last place and the hash there. */
export interface ChainHead {
  readonly chained_as: bigint
  readonly chain_hash: Uint8Array
}

/** A row of any chain, with the link that it says it has. */
export interface Link {
  readonly id: string
  /** The order of arrival, which need not be the order of the chain. */
  readonly sequence: bigint
  /** The row's place in the chain, from 1. */
  readonly chained_as: bigint
  readonly chain_hash: Uint8Array | null
}

/** The hash of a row that follows another's. */
export type HashOf<Row> = (previous: Uint8Array, row: Row) => Uint8Array

export function link(previous: Uint8Array, bytes: Buffer): Uint8Array {
  return new Uint8Array(createHash('sha256').update(previous).update(bytes).digest())
}

/**
 * The format's name, then each value: one byte that says whether there is one and, if so, its length in UTF-8 bytes
 * (32 bits, big-endian) and the bytes. So no two rows have the same bytes, and NULL is not the empty text.
 */
export function canonical(format: Buffer, values: readonly (string | null)[]): Buffer {
  const bytes = Buffer.allocUnsafe(
    values.reduce((sum, value) => sum + 5 + Buffer.byteLength(value ?? ''), format.length),
  )
  let end = format.copy(bytes)
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
