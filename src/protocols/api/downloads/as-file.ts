// An answer that a browser saves, under a name that says what is in it.
import type { FastifyReply } from 'fastify'

const TYPES = {
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
} as const

/** `parts` are words of ours and days; what was left out is left out of the name too. */
export function asFile(
  reply: FastifyReply,
  parts: readonly (string | undefined)[],
  format: keyof typeof TYPES,
): FastifyReply {
  const name = ['gatehouse', ...parts.filter(part => part !== undefined)]
    .join('-')
    .replaceAll(/[^\w.-]/g, '_')
  return reply.type(TYPES[format]).header('content-disposition', `attachment; filename="${name}.${format}"`)
}
