// What is said of limits on an answer: every limit that was asked on its way adds its part to the same fields.
import type { FastifyReply } from 'fastify'
import type { Decision } from '../../../gate/limits/gcra.ts'
import { rateLimitHeaders } from '../../../gate/limits/rate-limit-headers.ts'

/** The fields are lists (RFC 9651); of Retry-After the later one counts, since the first to refuse ends the request. */
export function tellLimits(reply: FastifyReply, decisions: readonly Decision[]): void {
  for (const [name, value] of Object.entries(rateLimitHeaders(decisions))) {
    const before = reply.getHeader(name)
    reply.header(name, before === undefined || name === 'Retry-After' ? value : `${String(before)}, ${value}`)
  }
}
