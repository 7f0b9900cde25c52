// Programs that people write.
import { bearer, type Client, quoted } from './client.ts'

export const AI_SDK: Client = {
  id: 'ai-sdk',
  name: 'AI SDK',
  audience: 'mcp',
  hint: 'TypeScript',
  snippets: ({ url, token }) => [
    { title: 'Install', language: 'shell', text: 'npm install @ai-sdk/mcp' },
    {
      title: 'search.mjs',
      language: 'typescript',
      text: `import { createMCPClient } from '@ai-sdk/mcp'

const client = await createMCPClient({
  transport: {
    type: 'http',
    url: ${JSON.stringify(`${url}/mcp`)},
    headers: { Authorization: ${JSON.stringify(bearer(token))} },
  },
})
// For generateText({ model, tools, prompt }).
const tools = await client.tools()
console.log(Object.keys(tools).join(', '))
await client.close()
`,
    },
  ],
  afterwards: ['“node search.mjs” prints the names of the tools that a model can be given.'],
}

export const A2A: Client = {
  id: 'a2a',
  name: 'A2A client',
  audience: 'a2a',
  hint: 'agent to agent, 1.0',
  snippets: ({ url, token }) => [
    {
      title: 'The agents’ card',
      language: 'shell',
      text: `curl -sS ${quoted(`${url}/.well-known/agent-card.json`)}`,
    },
    {
      title: 'Send a message',
      language: 'shell',
      text: [
        `curl -sS ${quoted(`${url}/a2a`)}`,
        `-H ${quoted(`Authorization: ${bearer(token)}`)}`,
        `-H 'A2A-Version: 1.0' -H 'Content-Type: application/json'`,
        `-d "${messageOf('What are these documents about?').replaceAll('"', String.raw`\"`)}"`,
      ].join(' \\\n  '),
    },
  ],
  afterwards: [
    'The answer is a task with its state and, when it is done, the answer and its citations as artifacts.',
    'A client that reads cards needs the card’s address and the token alone.',
  ],
}

/** In double quotes, so that the shell gives every run an id of its own: the same id is the same task. */
function messageOf(question: string): string {
  return JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'SendMessage',
    params: { message: { messageId: '$(date +%s)', role: 'ROLE_USER', parts: [{ text: question }] } },
  })
}
