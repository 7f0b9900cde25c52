// The link of an audit's chain: the hash over a row and the hash before it. The chainer writes it and whoever verifies
// computes it anew, by this one function. Format 1 is what chains in use are made of: it never changes.
import { canonical, link } from './canonical.ts'

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

/** SHA-256 over the previous hash (32 bytes) and the row's canonical bytes. */
export function rowHash(previous: Uint8Array, row: ChainedRow): Uint8Array {
  return link(previous, canonicalBytes(row))
}

export function canonicalBytes(row: ChainedRow): Buffer {
  return canonical(FORMAT, [
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
  ])
}
