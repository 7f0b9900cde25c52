// Programs of a terminal.
import { bearer, type Client, json, quoted } from './client.ts'

export const CLAUDE_CODE: Client = {
  id: 'claude-code',
  name: 'Claude Code',
  audience: 'mcp',
  hint: 'over HTTP',
  snippets: ({ url, token }) => [
    {
      title: 'Command',
      language: 'shell',
      text: `claude mcp add --transport http gatehouse ${quoted(`${url}/mcp`)} \\\n  --header ${quoted(`Authorization: ${bearer(token)}`)}`,
    },
    {
      title: 'Or for a whole project',
      language: 'json',
      text: json({
        mcpServers: {
          gatehouse: { type: 'http', url: `${url}/mcp`, headers: { Authorization: bearer(token) } },
        },
      }),
      files: [{ system: 'In its folder', path: '.mcp.json' }],
    },
  ],
  afterwards: ['“claude mcp list” says that it is connected; in a session, /mcp lists the tools.'],
}

/** The version that the tests of this server run. */
const INSPECTOR = '@modelcontextprotocol/inspector@2.12.0'

export const INSPECTOR_CLI: Client = {
  id: 'inspector',
  name: 'MCP Inspector',
  audience: 'mcp',
  hint: 'from the command line',
  snippets: ({ url, token }) => [
    {
      title: 'Command',
      language: 'shell',
      text: [
        `npx ${INSPECTOR} --cli ${quoted(`${url}/mcp`)} --transport http --stored-auth-only`,
        `--header ${quoted(`Authorization: ${bearer(token)}`)}`,
        '--method tools/call --tool-name hybrid_search',
        `--tool-args-json ${quoted('{"query": "agreement", "limit": 3}')}`,
      ].join(' \\\n  '),
    },
  ],
  afterwards: [
    'It prints the hits. With “--method tools/list” instead it prints the tools and their schemas.',
  ],
}

export const CURL: Client = {
  id: 'curl',
  name: 'curl',
  audience: 'mcp',
  hint: 'plain HTTP',
  snippets: ({ url, token }) => [
    curlOfMcp('List the tools', { url, token, method: 'tools/list', params: {} }),
    curlOfMcp('Search', {
      url,
      token,
      method: 'tools/call',
      params: { name: 'hybrid_search', arguments: { query: 'agreement', limit: 3 } },
    }),
  ],
  afterwards: ['The answer is JSON-RPC in one server-sent event: what follows “data:”.'],
}

interface McpCall {
  readonly url: string
  readonly token: string
  readonly method: string
  readonly params: object
}

function curlOfMcp(title: string, { url, token, method, params }: McpCall) {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  return {
    title,
    language: 'shell' as const,
    text: [
      `curl -sS ${quoted(`${url}/mcp`)}`,
      `-H ${quoted(`Authorization: ${bearer(token)}`)}`,
      `-H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream'`,
      `-d ${quoted(body)}`,
    ].join(' \\\n  '),
  }
}
