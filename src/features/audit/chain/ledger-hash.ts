// The link of a ledger's chain: as row-hash.ts, over the row of a charge or a correction. Format 1 never changes.
import { canonical, link } from './canonical.ts'

/** What a chain binds of a row: all of it. */
export interface ChainedCharge {
  readonly tenant_id: string
  readonly id: string
  readonly sequence: bigint
  /** Microseconds since 1970; null for a time that no clock shows. */
  readonly at_us: bigint | null
  readonly kind: string
  readonly hold_id: string
  readonly subject: string
  readonly key_id: string | null
  readonly model: string
  readonly operation: string
  readonly task: string | null
  readonly step: string
  readonly label: string | null
  /** As Postgres prints a jsonb: keys by length and then by bytes, a space after each comma and colon. */
  readonly usage: string
  readonly per_million: string
  readonly price_version: string
  readonly cost_nano: bigint
  readonly basis: string
  readonly uncharged_nano: bigint
  readonly note: string | null
  readonly chained_as: bigint
}

const FORMAT = Buffer.from('gatehouse ledger row, format 1\0')

export function chargeHash(previous: Uint8Array, row: ChainedCharge): Uint8Array {
  return link(
    previous,
    canonical(FORMAT, [
      row.tenant_id,
      row.id,
      String(row.sequence),
      row.at_us === null ? null : String(row.at_us),
      row.kind,
      row.hold_id,
      row.subject,
      row.key_id,
      row.model,
      row.operation,
      row.task,
      row.step,
      row.label,
      row.usage,
      row.per_million,
      row.price_version,
      String(row.cost_nano),
      row.basis,
      String(row.uncharged_nano),
      row.note,
      String(row.chained_as),
    ]),
  )
}
