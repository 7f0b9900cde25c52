// The two answers that send a client to fetch a token, or a wider one (RFC 6750, 3; RFC 9728, 5.1).
import type { FastifyReply } from 'fastify'
import { fault, type Fault } from '../../platform/faults.ts'
import { refusal, sendRefusal } from '../http/http-faults.ts'

export interface Challenger {
  /** Where the resource's metadata stands. */
  readonly metadataUrl: string
  /** All scopes of the tools: lists show only what a token allows, so a client cannot find out the rest by itself. */
  readonly scopes: readonly string[]
}

/** 401. Whoever brings no token is told no more than where to get one. */
export function sendUnauthenticated(
  reply: FastifyReply,
  problem: Fault,
  { metadataUrl, scopes }: Challenger,
): FastifyReply {
  const asked = { realm: 'gatehouse', resource_metadata: metadataUrl, scope: scopes.join(' ') }
  const why = problem.reason === 'missing' ? {} : { error: 'invalid_token', error_description: problem.say }
  return sendRefusal(reply.header('www-authenticate', bearer({ ...asked, ...why })), refusal(problem))
}

/** 403 with every scope the operation needs, so that one step up is enough. */
export function sendInsufficientScope(
  reply: FastifyReply,
  scope: string,
  { metadataUrl }: Challenger,
): FastifyReply {
  const say = `This token lacks a scope that is needed: ${scope}.`
  const header = bearer({
    realm: 'gatehouse',
    resource_metadata: metadataUrl,
    scope,
    error: 'insufficient_scope',
    error_description: say,
  })
  const problem = fault('forbidden', { reason: 'insufficient_scope', say })
  return sendRefusal(reply.header('www-authenticate', header), refusal(problem))
}

function bearer(parameters: Record<string, string>): string {
  const quoted = Object.entries(parameters).map(([name, value]) => `${name}="${quotable(value)}"`)
  return `Bearer ${quoted.join(', ')}`
}

/** RFC 6750 allows printable ASCII without quote and backslash. */
function quotable(value: string): string {
  return value.replaceAll(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, ' ')
}
