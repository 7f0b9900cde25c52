// `gatehouse cost export`: the ledger's file as a stream, with what proves later that it is the one that was written.
import { createHash } from 'node:crypto'
import {
  openLedgerFile,
  type LedgerAsked,
  type LedgerExtent,
  type LedgerFormat,
} from '../../exports/ledger-file.ts'

/** What is said of an export, apart from it: the file can be checked against it later. */
export interface LedgerTrailer {
  readonly format: LedgerFormat
  readonly from: string | null
  readonly to: string | null
  readonly rows: number
  readonly sum_nano: string
  /** The ledger's chain as it stood; the rows are those up to there. */
  readonly head: LedgerExtent['head']
  /** Rows that were not linked yet, and are not in it. */
  readonly open_rows: number
  readonly bytes: number
  readonly sha256: string
}

export interface Exporting extends LedgerAsked {
  readonly write: (text: string) => Promise<void>
}

/** Hands the text on in pieces, each when the last was taken. */
export async function exportLedger({ write, ...asked }: Exporting): Promise<LedgerTrailer> {
  const { format, from, to } = asked
  const hash = createHash('sha256')
  let bytes = 0
  const { extent, texts } = await openLedgerFile(asked)
  for await (const text of texts) {
    hash.update(text)
    bytes += Buffer.byteLength(text)
    await write(text)
  }
  const { rows, sum_nano, head, open_rows } = extent
  const days = { from: from ?? null, to: to ?? null }
  return { format, ...days, rows, sum_nano, head, open_rows, bytes, sha256: hash.digest('hex') }
}
