// GET /.well-known/agent-card.json: the public card, in the shape of the version that the client speaks (A2A 1.0.1, 8.2
// and 8.6), and /.well-known/agent.json, where clients before 0.3 look.
import { AgentCard } from '@a2a-js/sdk'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createHash } from 'node:crypto'
import type { AgentCards } from './agent-cards.ts'
import { legacyCard } from './legacy-card.ts'

/** Short: a rotated key is to be seen soon. What the key before it signed stays good for longer than that. */
const CACHE = 'public, max-age=300'
const VERSION_HEADER = 'A2A-Version'

/** The same for everybody, without a credential. */
export function serveCard(app: FastifyInstance, { card }: Pick<AgentCards, 'card'>): void {
  app.get('/.well-known/agent-card.json', async (request, reply) => {
    reply.header('vary', VERSION_HEADER)
    const shown = await card()
    return send(request, reply, speaksLegacy(request) ? legacyCard(shown) : AgentCard.toJSON(shown))
  })
  app.get('/.well-known/agent.json', async (request, reply) => send(request, reply, legacyCard(await card())))
}

/** By the header, or the request parameter of that name; who says nothing speaks 0.3 (A2A 1.0.1, 3.6.2). */
function speaksLegacy({ headers, query }: FastifyRequest): boolean {
  const asked = headers['a2a-version'] ?? (query as Record<string, unknown>)[VERSION_HEADER]
  return typeof asked !== 'string' || asked === '' || asked.startsWith('0.')
}

function send(request: FastifyRequest, reply: FastifyReply, card: unknown): FastifyReply {
  const body = JSON.stringify(card)
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  reply.header('cache-control', CACHE).header('etag', tag)
  if (isKnown(request.headers['if-none-match'], tag)) return reply.code(304).send()
  return reply.type('application/json; charset=utf-8').send(body)
}

/** RFC 9110, 13.1.2: a list of tags, compared weakly, or an asterisk. */
function isKnown(header: string | undefined, tag: string): boolean {
  const known = header?.split(',').map(one => one.trim().replace(/^W\//, '')) ?? []
  return known.includes(tag) || known.includes('*')
}
