// The one door where a driver's error becomes a fault. Text, detail, hint and constraint names stay in the log.
import { Fault, fault, type FaultCode } from '../faults.ts'

const byState: Record<string, FaultCode> = {
  '57014': 'timeout', // query_canceled: statement_timeout; a caller's own cancel is answered before this
  '25P02': 'internal', // in_failed_sql_transaction
  '23505': 'conflict', // unique_violation
  '40001': 'unavailable', // serialization_failure
  '40P01': 'unavailable', // deadlock_detected
  '55P03': 'unavailable', // lock_not_available
  '22008': 'invalid_input', // datetime_field_overflow
  '22021': 'invalid_input', // character_not_in_repertoire (NUL)
  '22P05': 'invalid_input', // untranslatable_character
  '54000': 'invalid_input', // program_limit_exceeded
}
const byClass: Record<string, FaultCode> = {
  '08': 'unavailable', // connection exceptions
  '53': 'unavailable', // insufficient resources
  '57': 'unavailable', // operator intervention: shutdown, crash recovery
}
const network = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
])

/** A driver's or network error as a fault; faults pass through. */
export function databaseFault(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown
  const { code, message } = (thrown ?? {}) as { code?: string; message?: string }
  const words = { because: thrown, detail: `database: ${code ?? '-'} ${message ?? String(thrown)}` }
  if (code === '42501' && message === 'tenant_inactive') {
    return fault('forbidden', { ...words, say: 'This tenant is not active.', reason: 'tenant_inactive' })
  }
  if (code === '42501' && message === 'user_disabled') {
    return fault('forbidden', { ...words, say: 'This user is disabled.', reason: 'user_disabled' })
  }
  if (code !== undefined) {
    return fault(
      byState[code] ?? byClass[code.slice(0, 2)] ?? (network.has(code) ? 'unavailable' : 'internal'),
      words,
    )
  }
  // pg reports a lost or exhausted connection by message alone.
  const lost =
    /Connection terminated|timeout exceeded when trying to connect|not queryable|Client was closed/i
  return fault(lost.test(message ?? '') ? 'unavailable' : 'internal', words)
}
