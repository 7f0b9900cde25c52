// The WWW-Authenticate header of a refusal (RFC 6750, 3): bring a credential, or one that allows more.
import type { Fault } from '../../platform/faults.ts'

/** For a 401, and for a 403 that the scope `missing` would mend; undefined for every other refusal. */
export function apiChallenge(problem: Fault, missing: string | undefined): string | undefined {
  if (problem.code === 'unauthenticated') {
    if (problem.reason === 'missing') return 'Bearer realm="gatehouse"'
    return `Bearer realm="gatehouse", error="invalid_token", error_description="${quotable(problem.say)}"`
  }
  if (problem.reason !== 'insufficient_scope' || missing === undefined) return undefined
  const why = `error="insufficient_scope", error_description="${quotable(problem.say)}"`
  return `Bearer realm="gatehouse", scope="${missing}", ${why}`
}

/** RFC 6750 allows printable ASCII without quote and backslash. */
function quotable(value: string): string {
  return value.replaceAll(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, ' ')
}
