// What the page tells people to paste, on a real server: commands are run by a shell as they are, files are read as their
// program reads them and what they say is used by a real MCP client, programs are run. (The Inspector's is run beside its
// other tests.) And the page's own test of a connection, which takes the same way.
import { spawn } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client as McpClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import type { Snippet } from '../../web/src/journeys/connect/clients/client.ts'
import { CLIENTS } from '../../web/src/journeys/connect/clients/clients.ts'
import { a2aTest } from '../../web/src/journeys/connect/live-test/a2a-test.ts'
import { mcpTest } from '../../web/src/journeys/connect/live-test/mcp-test.ts'
import { runSteps, type Step } from '../../web/src/journeys/connect/live-test/step.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'

// The wire is the same on each engine.
describe.runIf(inject('engine') === 'pglite')('what is pasted from the page', () => {
  let house: TestGatehouse
  let folder: string
  const tokens: Record<string, string> = {}
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-snippets-'))
    house = await openTestGatehouse()
    await house.createTenant('alpha')
    const made = async (audience: string): Promise<string> => {
      const scopes = ['documents:read', 'tasks:read', 'tasks:write']
      const wish = { tenant: 'alpha', user: 'ada', audience, scopes }
      return String((await house.gatehouse.operate('create_token', wish))['token'])
    }
    tokens['mcp'] = await made('mcp')
    tokens['a2a'] = await made('a2a')
    const writer = await house.token('alpha')
    const content = 'The agreement ends when the lantern is lit at dusk.'
    await house.call(writer, 'add_document', { title: 'Harbour agreement', content })
  })
  afterAll(async () => {
    await house.close()
    await rm(folder, { recursive: true, force: true })
  })

  function snippet(client: string, title: string): string {
    const found = CLIENTS.find(({ id }) => id === client)
    const place = { url: house.url, token: tokens[found?.audience ?? ''] ?? '' }
    const all: readonly Snippet[] = found?.snippets(place) ?? []
    return all.find(one => one.title === title)?.text ?? `no snippet ${title} of ${client}`
  }

  /** What it printed. */
  function run(command: string, args: readonly string[], input = ''): Promise<string> {
    const env = { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` }
    const child = spawn(command, args, { env, cwd: join(import.meta.dirname, '../..') })
    let output = ''
    child.stdout.on('data', chunk => (output += String(chunk)))
    child.stderr.on('data', chunk => (output += String(chunk)))
    child.stdin.end(input)
    return new Promise(resolve => child.on('close', () => resolve(output)))
  }

  /** As the program would: by this address, with this header alone. */
  async function toolsAt({ url, headers }: Remote): Promise<string[]> {
    const client = new McpClient({ name: 'test', version: '1' })
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }))
    const { tools } = await client.listTools()
    await client.close()
    return tools.map(({ name }) => name)
  }

  test('the curl lines list the tools and search', async () => {
    expect(await run('sh', ['-c', snippet('curl', 'List the tools')])).toContain('"hybrid_search"')
    expect(await run('sh', ['-c', snippet('curl', 'Search')])).toContain('Harbour agreement')
  })

  test('the A2A lines read the card and get a message answered, each time as a new task', async () => {
    expect(await run('sh', ['-c', snippet('a2a', 'The agents’ card')])).toContain('"rag"')
    const answered = JSON.parse(await run('sh', ['-c', snippet('a2a', 'Send a message')])) as {
      result: { task: { status: { state: string }; history?: readonly { messageId: string }[] } }
    }
    expect(answered.result.task.status.state).toBe('TASK_STATE_COMPLETED')
    expect(answered.result.task.history?.[0]?.messageId).toMatch(/^\d+$/)
  })

  test.each([
    ['cursor', 'mcp.json', 'mcpServers'],
    ['vs-code', 'mcp.json', 'servers'],
    ['claude-code', 'Or for a whole project', 'mcpServers'],
  ])('the file for %s names an address and a header that work', async (client, title, key) => {
    const file = JSON.parse(snippet(client, title)) as Record<string, { gatehouse: Remote }>
    const remote = file[key]?.gatehouse
    if (remote === undefined) throw new Error(`no ${key} in the file`)
    expect(await toolsAt(remote)).toContain('hybrid_search')
  })

  test('the file for Claude Desktop starts the bridge with an address and a header that work', async () => {
    const file = JSON.parse(snippet('claude-desktop', 'claude_desktop_config.json')) as {
      mcpServers: { gatehouse: { command: string; args: string[]; env: Record<string, string> } }
    }
    const { command, args, env } = file.mcpServers.gatehouse
    expect([command, args[0]]).toStrictEqual(['npx', '-y'])
    // What mcp-remote makes of it: a header from its argument, with the environment filled in.
    const header = args[args.indexOf('--header') + 1] ?? ''
    const [name = '', value = ''] = header
      .replaceAll(/\$\{(\w+)\}/g, (_, key: string) => env[key] ?? '')
      .split(/:(.*)/)
    expect(args).toContain('--allow-http')
    expect(await toolsAt({ url: args[2] ?? '', headers: { [name]: value } })).toContain('hybrid_search')
    // Where others of the machine can see it, there is no secret.
    expect(args.join(' ')).not.toContain(tokens['mcp'])
  })

  test('the command for Claude Code gives it an address and a header that work', async () => {
    const shim = join(folder, 'claude')
    await writeFile(shim, `#!${process.execPath}\nconsole.log(JSON.stringify(process.argv.slice(2)))\n`)
    await chmod(shim, 0o755)
    const args = JSON.parse(await run('sh', ['-c', snippet('claude-code', 'Command')])) as string[]
    expect(args.slice(0, 5)).toStrictEqual(['mcp', 'add', '--transport', 'http', 'gatehouse'])
    const [, url = '', , header = ''] = args.slice(4)
    const [name = '', value = ''] = header.split(': ')
    expect(await toolsAt({ url, headers: { [name]: value } })).toContain('hybrid_search')
  })

  test('the program with the AI SDK runs as it is', async () => {
    const program = snippet('ai-sdk', 'search.mjs')
    expect(await run(process.execPath, ['--input-type=module'], program)).toContain('hybrid_search')
  })

  describe('the test button', () => {
    const real = globalThis.fetch
    beforeAll(() => {
      // A page's paths are its server's.
      vi.stubGlobal('fetch', (path: string, init: RequestInit) => real(new URL(path, house.url), init))
    })
    afterAll(() => void vi.unstubAllGlobals())

    async function steps(plan: typeof mcpTest, audience: string, words: string): Promise<readonly Step[]> {
      let last: readonly Step[] = []
      const wire = { token: tokens[audience] ?? '', signal: AbortSignal.timeout(30_000) }
      await runSteps(plan(wire, words), told => (last = told))
      return last
    }

    test('goes the way of an MCP client, and tells what came back', async () => {
      const done = await steps(mcpTest, 'mcp', 'agreement')
      expect(done.map(({ name, state }) => [name, state])).toStrictEqual([
        ['initialize', 'done'],
        ['tools/list', 'done'],
        ['tools/call hybrid_search', 'done'],
      ])
      expect(done[2]?.result).toBe('1 hit: Harbour agreement')
    })

    test('goes the way of an A2A client', async () => {
      const done = await steps(a2aTest, 'a2a', 'When does the agreement end?')
      expect(done.map(({ state }) => state)).toStrictEqual(['done', 'done'])
      expect(done[1]?.result).toMatch(/^completed: .*lantern/s)
    })

    test('a token for another door fails at the first step, with the server’s words', async () => {
      const [first, ...rest] = await steps(mcpTest, 'a2a', 'agreement')
      expect(first).toMatchObject({ state: 'failed', result: expect.stringMatching(/\w{4,}/) as string })
      expect(first?.result).not.toMatch(/answered 401/)
      expect(rest).toStrictEqual([])
    })
  })
})

interface Remote {
  readonly url: string
  readonly headers: Record<string, string>
}
