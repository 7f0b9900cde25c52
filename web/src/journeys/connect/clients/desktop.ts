// Programs with a window: they read a file.
import { bearer, type Client, json, type Place } from './client.ts'

/** The version that was tried; it carries HTTP to a program that starts its servers itself. */
const BRIDGE = 'mcp-remote@0.15.1'

export const CLAUDE_DESKTOP: Client = {
  id: 'claude-desktop',
  name: 'Claude Desktop',
  audience: 'mcp',
  hint: 'through a bridge (needs Node)',
  snippets: place => [
    {
      title: 'claude_desktop_config.json',
      language: 'json',
      text: json({ mcpServers: { gatehouse: bridged(place) } }),
      files: [
        { system: 'macOS', path: '~/Library/Application Support/Claude/claude_desktop_config.json' },
        { system: 'Windows', path: String.raw`%APPDATA%\Claude\claude_desktop_config.json` },
      ],
    },
  ],
  afterwards: [
    'In Claude Desktop: Settings, Developer, Edit Config opens the file. Add the entry and save.',
    'Quit Claude Desktop completely and start it again; the tools are listed below the message field.',
  ],
}

/** The token travels in the environment: a space in an argument is lost on Windows, and arguments are seen by others. */
function bridged({ url, token }: Place) {
  const insecure = url.startsWith('http:') ? ['--allow-http'] : []
  return {
    command: 'npx',
    args: [
      '-y',
      BRIDGE,
      `${url}/mcp`,
      '--transport',
      'http-only',
      ...insecure,
      '--header',
      // oxlint-disable-next-line no-template-curly-in-string
      'Authorization:${GATEHOUSE_AUTHORIZATION}',
    ],
    env: { GATEHOUSE_AUTHORIZATION: bearer(token) },
  }
}

export const CURSOR: Client = {
  id: 'cursor',
  name: 'Cursor',
  audience: 'mcp',
  hint: 'over HTTP',
  snippets: ({ url, token }) => [
    {
      title: 'mcp.json',
      language: 'json',
      text: json({
        mcpServers: { gatehouse: { url: `${url}/mcp`, headers: { Authorization: bearer(token) } } },
      }),
      files: [
        { system: 'All projects', path: '~/.cursor/mcp.json' },
        { system: 'One project', path: '.cursor/mcp.json' },
      ],
    },
  ],
  afterwards: ['Save the file; Cursor’s settings list the server with its tools under MCP.'],
}

export const VS_CODE: Client = {
  id: 'vs-code',
  name: 'VS Code',
  audience: 'mcp',
  hint: 'over HTTP',
  snippets: ({ url, token }) => [
    {
      title: 'mcp.json',
      language: 'json',
      text: json({
        servers: {
          gatehouse: { type: 'http', url: `${url}/mcp`, headers: { Authorization: bearer(token) } },
        },
      }),
      files: [
        { system: 'One workspace', path: '.vscode/mcp.json' },
        { system: 'All workspaces', path: 'the command “MCP: Open User Configuration”' },
      ],
    },
  ],
  afterwards: [
    'Save the file and press Start above the entry.',
    'In the chat’s agent mode the tools are listed under the tools button. Keep the file out of version control: it holds the token.',
  ],
}
