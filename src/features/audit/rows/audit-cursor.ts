// Cursors of the audit's lists: the number of the last row that was shown, in the order that was asked for.
import { fault } from '../../../platform/faults.ts'

export const ORDERS = ['newest', 'oldest', 'chain'] as const
export type AuditOrder = (typeof ORDERS)[number]

const CURSOR = /^audit\.1\.(newest|oldest|chain)\.(\d{1,18})$/

export function auditCursor(order: AuditOrder, number: bigint): string {
  return Buffer.from(`audit.1.${order}.${number}`).toString('base64url')
}

/** The number a cursor stands for; `invalid_input` for any text that no list of this order gave out. */
export function numberAt(order: AuditOrder, cursor: string): bigint {
  const [, of, number] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? []
  // Node decodes base64url leniently: only the spelling we gave out is taken.
  if (of === order && number !== undefined && auditCursor(order, BigInt(number)) === cursor)
    return BigInt(number)
  const message = `cursor is not one that a list in the order "${order}" gave out; leave it out to start anew`
  throw fault('invalid_input', { say: message, issues: [{ field: 'cursor', message }] })
}
