// What an A2A client does: read the card, send a message, look at the task.
import { ask, type Does, recordOf, sentenceOf, type Wire } from './step.ts'

export function a2aTest(wire: Wire, question: string) {
  return async (does: Does): Promise<void> => {
    await does('the agents’ card', async () => {
      const card = recordOf(await ask(wire, { path: '/.well-known/agent-card.json' }))
      const skills = (card['skills'] ?? []) as readonly unknown[]
      return `${String(card['name'])}: ${skills.map(skill => String(recordOf(skill)['id'])).join(', ')}`
    })
    await does('SendMessage', async () => {
      const said = recordOf(
        await ask(wire, {
          path: '/a2a',
          body: {
            jsonrpc: '2.0',
            id: 1,
            method: 'SendMessage',
            params: {
              message: { messageId: crypto.randomUUID(), role: 'ROLE_USER', parts: [{ text: question }] },
            },
          },
          headers: { 'content-type': 'application/json', 'a2a-version': '1.0' },
        }),
      )
      if (said['error'] !== undefined) throw new Error(sentenceOf(said) ?? 'The server refused.')
      return answered(recordOf(recordOf(said['result'])['task']))
    })
  }
}

const LONGEST = 240

function answered(task: Readonly<Record<string, unknown>>): string {
  const { state } = recordOf(task['status'])
  const artifacts = ((task['artifacts'] ?? []) as readonly unknown[]).map(recordOf)
  const answer = artifacts.find(({ name }) => name === 'answer') ?? {}
  const [part] = (answer['parts'] ?? []) as readonly unknown[]
  const { text } = recordOf(part)
  const words =
    typeof text === 'string' ? `: ${text.slice(0, LONGEST)}${text.length > LONGEST ? '…' : ''}` : ''
  return `${stateWords(state)}${words}`
}

/** "TASK_STATE_INPUT_REQUIRED" is what the wire says. */
function stateWords(state: unknown): string {
  return typeof state === 'string'
    ? state
        .replace(/^TASK_STATE_/, '')
        .replaceAll('_', ' ')
        .toLowerCase()
    : 'no state'
}
