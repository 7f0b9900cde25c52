// One search as an MCP message of the revision 2026-07-28, and the headers it goes with.
const REVISION = '2026-07-28'
const META = {
  'io.modelcontextprotocol/protocolVersion': REVISION,
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
}

export function searchHeaders(token: string): Record<string, string> {
  return {
    Authorization: `Bearer ${token}`,
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    'MCP-Protocol-Version': REVISION,
    'Mcp-Method': 'tools/call',
    'Mcp-Name': 'hybrid_search',
  }
}

/** The `turn`-th time round, the words come in another order: no answer is one that was kept. */
export function searchMessage(question: string, turn: number): string {
  const words = question.split(' ')
  const at = turn % words.length
  const query = [...words.slice(at), ...words.slice(0, at)].join(' ')
  const params = { name: 'hybrid_search', arguments: { query, limit: 10 }, _meta: META }
  return JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })
}
