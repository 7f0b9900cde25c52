// The conversation that every MCP client begins with, and one search.
import { ask, type Asked, type Does, recordOf, sentenceOf, type Wire } from './step.ts'

const REVISION = '2025-11-25'

interface Tool {
  readonly name?: unknown
}

export function mcpTest(wire: Wire, query: string) {
  return async (does: Does): Promise<void> => {
    let tools: readonly Tool[] = []
    await does('initialize', async () => {
      const { serverInfo, protocolVersion } = await result(wire, 'initialize', {
        protocolVersion: REVISION,
        capabilities: {},
        clientInfo: { name: 'gatehouse-page', version: '1' },
      })
      const { name, version } = recordOf(serverInfo)
      await ask(wire, rpc({ jsonrpc: '2.0', method: 'notifications/initialized' }))
      return `${String(name)} ${String(version)}, protocol ${String(protocolVersion)}`
    })
    await does('tools/list', async () => {
      tools = ((await result(wire, 'tools/list', {}))['tools'] ?? []) as readonly Tool[]
      return `${tools.length} ${tools.length === 1 ? 'tool' : 'tools'}: ${tools.map(({ name }) => String(name)).join(', ')}`
    })
    if (!tools.some(({ name }) => name === 'hybrid_search')) return
    await does('tools/call hybrid_search', async () => {
      const answer = await result(wire, 'tools/call', {
        name: 'hybrid_search',
        arguments: { query, limit: 3 },
      })
      return found(answer)
    })
  }
}

function found(answer: Readonly<Record<string, unknown>>): string {
  if (answer['isError'] === true) throw new Error(errorOf(answer) ?? 'The tool refused.')
  const hits = (recordOf(answer['structuredContent'])['hits'] ?? []) as readonly unknown[]
  const titles = hits.map(hit => String(recordOf(hit)['title']))
  return hits.length === 0
    ? 'no hits for these words'
    : `${hits.length} ${hits.length === 1 ? 'hit' : 'hits'}: ${titles.join('; ')}`
}

/** A refused tool tells its error as JSON in a text. */
function errorOf(answer: Readonly<Record<string, unknown>>): string | undefined {
  const [first] = (answer['content'] ?? []) as readonly unknown[]
  const { text } = recordOf(first)
  if (typeof text !== 'string') return undefined
  try {
    const error = recordOf(recordOf(JSON.parse(text))['error'])
    return typeof error['say'] === 'string' ? error['say'] : (sentenceOf({ error }) ?? text)
  } catch {
    return text
  }
}

async function result(
  wire: Wire,
  method: string,
  params: object,
): Promise<Readonly<Record<string, unknown>>> {
  const said = recordOf(await ask(wire, rpc({ jsonrpc: '2.0', id: 1, method, params })))
  if (said['error'] !== undefined) throw new Error(sentenceOf(said) ?? 'The server refused.')
  return recordOf(said['result'])
}

function rpc(body: object): Asked {
  return {
    path: '/mcp',
    body,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': REVISION,
    },
  }
}
