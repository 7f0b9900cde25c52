// What agents speak to on the port: the card, A2A, and the article's plain interface to tasks; one audience for all.
import type { FastifyInstance } from 'fastify'
import type { Workflow } from '../../features/agents/workflows/workflow.ts'
import type { Scope } from '../../gate/scopes.ts'
import { issuerOf, resourceOf } from '../../gate/tokens/audience.ts'
import { BODY_LIMIT } from '../http/server.ts'
import { mountResource, resourceMetadataUrl } from '../http/well-known.ts'
import { agentCards, type AgentCards } from './card/agent-cards.ts'
import { cardSigner, type CardSignerOptions } from './card/card-signer.ts'
import { cardWorkflows } from './card/card-workflows.ts'
import { serveCard } from './card/serve-card.ts'
import { serveFacade, type FacadeOptions } from './facade/serve-facade.ts'
import { serveA2a } from './serve-a2a.ts'
import { eventLogUri } from './stream/event-log-extension.ts'

export interface AgentOptions extends Omit<FacadeOptions, 'card' | 'challenge'> {
  /** As clients reach this server. */
  readonly publicUrl: string
  readonly version: string
  readonly workflows: readonly Workflow[]
  /** What cards are signed with. */
  readonly signing: Pick<CardSignerOptions, 'activeKid' | 'privateKey'>
}

/** What a client asks for: a task reads documents within the scopes of whoever started it. */
const AGENT_SCOPES = ['documents:read', 'tasks:read', 'tasks:write'] as const satisfies readonly Scope[]

/** See TaskPart. */
const MAX_TEXT_CHARACTERS = 200_000

/** Mounts all of it but the keys that cards point to (`/.well-known/jwks.json`). */
export function serveAgent(app: FastifyInstance, options: AgentOptions): void {
  const { publicUrl } = options
  const resource = resourceOf(publicUrl, 'a2a')
  const cards = cardsOf(options)
  const challenge = { metadataUrl: resourceMetadataUrl(resource), scopes: AGENT_SCOPES }
  mountResource(app, { resource, authorizationServers: [issuerOf(publicUrl)], scopes: AGENT_SCOPES })
  serveCard(app, cards)
  serveA2a(app, { ...options, cards, challenge })
  serveFacade(app, { ...options, card: cards.card, challenge })
}

function cardsOf({ publicUrl, version, workflows, signing, log }: AgentOptions): AgentCards {
  return agentCards({
    publicUrl,
    version,
    workflows: cardWorkflows(workflows),
    extensions: [
      {
        uri: eventLogUri(publicUrl),
        description:
          'Every event of a task is numbered; a client that was cut off sends the last number it has and misses nothing.',
        required: false,
        params: undefined,
      },
    ],
    limits: { maxBodyBytes: BODY_LIMIT, maxTextCharacters: MAX_TEXT_CHARACTERS },
    sign: cardSigner({ ...signing, jwksUrl: `${issuerOf(publicUrl)}/.well-known/jwks.json`, log }),
  })
}
