// A row of the ledger as it is shown: all it holds, so that whoever has the rows can compute every bill again.
import { z } from 'zod'

export const LedgerRow = z.strictObject({
  id: z.string(),
  chained_as: z.int().describe('Its place in the chain.'),
  at: z.string(),
  kind: z.enum(['charge', 'correction']),
  hold_id: z.string().describe('A correction has that of the charge it corrects.'),
  user: z.string().describe('Who has spent.'),
  written_by: z.string().describe('Of a correction: who corrected.'),
  key_id: z.string().nullable(),
  model: z.string(),
  operation: z.string(),
  task: z.string().nullable(),
  step: z.string(),
  label: z.string().nullable(),
  usage: z.record(z.string(), z.number()).describe('Units by component.'),
  per_million: z.record(z.string(), z.number()).describe('Nano-USD for a million units, by component.'),
  price_version: z.string().describe('Where the price is from.'),
  cost_nano: z.string().describe('Nano-USD; of a correction also less than nothing.'),
  basis: z
    .enum(['provider', 'counted', 'hold', 'correction'])
    .describe('How the cost is known: from the provider, by counting, or not (then all that was held).'),
  uncharged_nano: z.string().describe('Of the computed cost what no limit left room for.'),
  note: z.string().nullable(),
  chain_hash: z.string(),
})

export type ListedCharge = z.output<typeof LedgerRow>

export interface ChargeRecord
  extends Omit<ListedCharge, 'chained_as' | 'at' | 'cost_nano' | 'uncharged_nano' | 'chain_hash'> {
  readonly chained_as: bigint
  readonly at: Date
  readonly cost_nano: bigint
  readonly uncharged_nano: bigint
  readonly chain_hash: Uint8Array
}

export function listedCharge(row: ChargeRecord): ListedCharge {
  return {
    ...row,
    chained_as: Number(row.chained_as),
    at: row.at.toISOString(),
    cost_nano: String(row.cost_nano),
    uncharged_nano: String(row.uncharged_nano),
    chain_hash: Buffer.from(row.chain_hash).toString('hex'),
  }
}
