// GetExtendedAgentCard: the card for those who have shown who they are (A2A 1.0, 13.3).
import type { AgentCard } from '@a2a-js/sdk'
import type { A2aCaller } from '../a2a-caller.ts'
import type { AgentCards } from '../card/agent-cards.ts'
import { anotherTenant } from './another-tenant.ts'

export function getExtendedAgentCard(cards: Pick<AgentCards, 'extended'>) {
  return async (_raw: unknown, caller: A2aCaller): Promise<AgentCard> => {
    if (caller.isElsewhere) throw anotherTenant()
    return cards.extended(caller.principal)
  }
}
