// The cards of this agent: the public one, and the one for callers who have been let in. Both are signed when this
// process can sign.
import type { AgentCard, AgentExtension } from '@a2a-js/sdk'
import type { TenantPrincipal } from '../../../gate/call.ts'
import { cardContent, type CardWorkflow } from './card-content.ts'
import { limitsExtension, skillInputExtension, type CardLimits } from './card-extensions.ts'
import type { SignCard } from './card-signer.ts'

export interface AgentCardsOptions {
  readonly publicUrl: string
  readonly version: string
  readonly workflows: readonly CardWorkflow[]
  /** What the wire can do beyond the protocol, e.g. the event log. */
  readonly extensions: readonly AgentExtension[]
  readonly limits: CardLimits
  readonly sign: SignCard
}

export interface AgentCards {
  /** For everybody. */
  card(): Promise<AgentCard>
  /**
   * For a caller: its tenant as the routing value of every interface, which clients send back, the input of every skill,
   * and the limits. A2A 1.0.1, 3.1.11 and 13.3: never for a stranger.
   */
  extended(principal: Pick<TenantPrincipal, 'tenantId'>): Promise<AgentCard>
}

export function agentCards({ limits, sign, ...content }: AgentCardsOptions): AgentCards {
  const open = cardContent(content)
  const { publicUrl, workflows } = content
  const extensions = [
    ...content.extensions,
    limitsExtension(publicUrl, limits),
    skillInputExtension(publicUrl, workflows),
  ]
  return {
    card: () => sign(open),
    extended: ({ tenantId }) => sign(cardContent({ ...content, extensions, tenant: tenantId })),
  }
}
