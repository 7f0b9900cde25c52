// How an audit row is shown: everything it holds, so that whoever has the rows can check the chain by himself.
import { z } from 'zod'
import type { AuditRecord } from './audit-table.ts'

export const ListedRow = z.strictObject({
  id: z.string(),
  sequence: z.int().describe('The order of arrival.'),
  at: z.string().describe('UTC, with microseconds.'),
  subject: z.string().describe('Who.'),
  token_id: z.string().nullable().describe('By which credential.'),
  operation: z.string(),
  object: z.string().nullable().describe('What it touched, as kind:id.'),
  outcome: z.enum(['ok', 'refused', 'failed']),
  fault: z.string().nullable(),
  request_id: z.string(),
  trace_id: z.string(),
  chained_as: z.int().nullable().describe('Its place in the chain; null until the chainer has linked it.'),
  chain_hash: z.string().nullable().describe('SHA-256 of the link, in hex.'),
})

export type ListedAuditRow = z.output<typeof ListedRow>

export function listedRow({ tenant_id: _, at_us, ...row }: AuditRecord): ListedAuditRow {
  return {
    ...row,
    sequence: Number(row.sequence),
    at: at_us === null ? 'never' : instant(at_us),
    chained_as: row.chained_as === null ? null : Number(row.chained_as),
    chain_hash: row.chain_hash === null ? null : hex(row.chain_hash),
  }
}

/** '2026-01-02T03:04:05.678901Z' */
export function instant(microseconds: bigint): string {
  const milliseconds = BigInt.asIntN(64, microseconds / 1_000n) - (microseconds % 1_000n < 0n ? 1n : 0n)
  const rest = microseconds - milliseconds * 1_000n
  const date = new Date(Number(milliseconds))
  // Postgres knows years that a JavaScript date does not.
  if (Number.isNaN(date.getTime())) return `${microseconds} µs`
  return date.toISOString().replace('Z', `${String(rest).padStart(3, '0')}Z`)
}

/** The reverse; null for what is no such instant. */
export function microsecondsOf(text: string): bigint | null {
  const [, milliseconds = '', rest = ''] = /^(.*\.\d{3})(\d{3})Z$/.exec(text) ?? []
  const ms = Date.parse(`${milliseconds}Z`)
  return Number.isNaN(ms) ? null : BigInt(ms) * 1_000n + BigInt(rest)
}

/** The row as it was hashed: what a list has shown can be checked without the database. */
export function linkedRowOf({ at, chained_as, chain_hash, ...row }: ListedAuditRow, tenantId: string | null) {
  return {
    ...row,
    tenant_id: tenantId,
    sequence: BigInt(row.sequence),
    at_us: microsecondsOf(at),
    chained_as: BigInt(chained_as ?? 0),
    chain_hash: chain_hash === null ? null : new Uint8Array(Buffer.from(chain_hash, 'hex')),
  }
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
