// The header that sends a client to fetch a token, or a wider one (RFC 6750, 3; RFC 9728, 5.1).
import type { Fault } from '../../../platform/faults.ts'
import type { Challenger } from '../../mcp/challenge.ts'

export interface RefusalContext {
  readonly challenge: Challenger
  /** The scope the method asked for and the token lacks. */
  readonly missingScope?: string | undefined
}

/** For a 401, and for a 403 that the missing scope would mend. Who brings no token is told only where to get one. */
export function wwwAuthenticate(
  problem: Fault,
  { challenge, missingScope }: RefusalContext,
): string | undefined {
  const { metadataUrl: resource_metadata, scopes } = challenge
  const realm = 'gatehouse'
  const error_description = problem.say
  if (problem.code === 'unauthenticated') {
    const why = problem.reason === 'missing' ? {} : { error: 'invalid_token', error_description }
    return bearer({ realm, resource_metadata, scope: scopes.join(' '), ...why })
  }
  if (problem.reason !== 'insufficient_scope' || missingScope === undefined) return undefined
  return bearer({
    realm,
    resource_metadata,
    scope: missingScope,
    error: 'insufficient_scope',
    error_description,
  })
}

/** RFC 6750 allows printable ASCII without quote and backslash. */
function bearer(parameters: Readonly<Record<string, string>>): string {
  const quoted = Object.entries(parameters).map(
    ([name, value]) => `${name}="${value.replaceAll(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, ' ')}"`,
  )
  return `Bearer ${quoted.join(', ')}`
}
