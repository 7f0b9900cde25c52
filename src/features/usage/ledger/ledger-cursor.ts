// Cursors of the ledger's pages: the place of the last row that was shown, and where the chain ended at the first page.
import { fault } from '../../../platform/faults.ts'

export interface Places {
  readonly after: bigint
  readonly until: bigint
}

const CURSOR = /^ledger\.1\.(\d{1,18})\.(\d{1,18})$/

export function ledgerCursor({ after, until }: Places): string {
  return Buffer.from(`ledger.1.${after}.${until}`).toString('base64url')
}

/** `invalid_input` for any text that no page gave out. */
export function placesAt(cursor: string): Places {
  const [, after, until] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? []
  if (after !== undefined && until !== undefined) {
    const places = { after: BigInt(after), until: BigInt(until) }
    // Node decodes base64url leniently: only the spelling we gave out is taken.
    if (ledgerCursor(places) === cursor) return places
  }
  const message = 'cursor is not one that this list gave out; leave it out to start anew'
  throw fault('invalid_input', { say: message, issues: [{ field: 'cursor', message }] })
}
