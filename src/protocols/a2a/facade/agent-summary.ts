// GET /agent: the agent card in the article's few words, and where its interface lies.
import type { AgentCard } from '@a2a-js/sdk'

export function agentSummary(card: AgentCard): Record<string, unknown> {
  return {
    id: 'gatehouse',
    name: card.name,
    description: card.description,
    version: card.version,
    capabilities: {
      streaming: card.capabilities?.streaming ?? false,
      artifacts: true,
      cancellation: true,
      resumption: true,
    },
    workflows: card.skills.map(({ id, name, description, tags, examples }) => ({
      id,
      name,
      description,
      tags,
      examples,
    })),
    endpoints: {
      create_task: 'POST /tasks',
      list_tasks: 'GET /tasks',
      get_task: 'GET /tasks/{id}',
      cancel_task: 'DELETE /tasks/{id}',
      task_events: 'GET /tasks/{id}/events',
      agent_card: 'GET /.well-known/agent-card.json',
    },
    authentication: { schemes: ['Bearer'] },
  }
}
