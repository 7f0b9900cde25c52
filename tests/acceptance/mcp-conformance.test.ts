// The protocol's own conformance suite against /mcp, in both revisions. It has no option for a token, so a small
// proxy on loopback adds one. Scenarios that need fixture tools, prompts or resources of their own are named below;
// of them only what the suite checks of every message on the wire counts.
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/mcp-server.ts'

interface Check {
  readonly id: string
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO'
  readonly errorMessage?: string
}

/** Scenarios without a failed check. */
const GREEN = {
  '2026-07-28': [
    'dns-rebinding-protection',
    'http-header-validation',
    'input-required-result-ignore-extra-params',
    'input-required-result-missing-input-response',
    'input-required-result-unsupported-methods',
    'input-required-result-validate-input',
    'sep-2164-resource-not-found',
    'server-sse-multiple-streams',
    'tools-list',
  ],
  '2025-11-25': [
    'dns-rebinding-protection',
    'ping',
    'server-initialize',
    'server-session-lifecycle',
    'server-sse-multiple-streams',
    'server-sse-polling',
    'tools-list',
  ],
}

/** Scenarios that are green but for these checks, each with the reason. */
const EXCEPT: Record<keyof typeof GREEN, Record<string, Record<string, string>>> = {
  '2026-07-28': {
    'server-stateless': {
      'sep-2575-server-rejects-undeclared-capability': 'needs the tool test_missing_capability',
      'sep-2575-missing-capability-http-400': 'needs the tool test_missing_capability',
      'sep-2575-http-server-no-independent-requests-on-stream': 'needs the tool test_streaming_elicitation',
      'sep-2575-server-no-log-without-loglevel': 'needs the tool test_logging_tool',
    },
    caching: {
      'sep-2549-prompts-list-caching-hints': 'prompts are not declared',
      'sep-2549-resources-list-caching-hints': 'resources are not declared',
      'sep-2549-resources-templates-list-caching-hints': 'resources are not declared',
    },
  },
  '2025-11-25': {},
}
const REVISIONS = ['2026-07-28', '2025-11-25'] as const

let server: TestServer
let proxy: Server
let folder: string
beforeAll(async () => {
  server = await startTestServer()
  proxy = await proxyWithToken(server.port, 'writer')
  folder = await mkdtemp(join(tmpdir(), 'gh-conformance-'))
})
afterAll(async () => {
  proxy.closeAllConnections()
  proxy.close()
  await server.stop(0)
  await rm(folder, { recursive: true, force: true })
})

describe.each(REVISIONS)('revision %s', revision => {
  const except = EXCEPT[revision]
  let results: Map<string, Check[]>
  beforeAll(async () => {
    results = await runSuite(revision)
  }, 120_000)

  test.each(GREEN[revision])('%s', scenario => {
    expect(failed(results.get(scenario))).toEqual([])
  })

  test.each(Object.entries(except))('%s, but for what it cannot test here', (scenario, reasons) => {
    expect(failed(results.get(scenario)).toSorted()).toEqual(Object.keys(reasons).toSorted())
  })

  test('every message on the wire keeps the schema of the specification, in all scenarios', () => {
    const checks = [...results.values()].flat().filter(check => check.id === 'wire-schema-valid')
    expect(checks.length).toBeGreaterThan(20)
    expect(checks.filter(check => check.status !== 'SUCCESS')).toEqual([])
  })

  test('nothing else fails but scenarios that need fixtures of their own', () => {
    const red = [...results].filter(([, checks]) => failed(checks).length > 0).map(([scenario]) => scenario)
    const needsFixture =
      /^(tools-call-|resources-|prompts-|completion-|input-required-result-|elicitation-|json-schema-|logging-|http-custom-header-)/
    expect(red.filter(scenario => !needsFixture.test(scenario) && !(scenario in except))).toEqual([])
  })
})

function failed(checks: readonly Check[] | undefined): string[] {
  if (checks === undefined) throw new Error('the scenario was not run')
  return checks.filter(check => check.status === 'FAILURE').map(check => check.id)
}

/** Runs all scenarios of a revision and answers the checks of each. The exit code counts fixtures, so it is not asked. */
async function runSuite(revision: string): Promise<Map<string, Check[]>> {
  const { port } = proxy.address() as AddressInfo
  const output = join(folder, revision)
  const bin = join(import.meta.dirname, '../../node_modules/@modelcontextprotocol/conformance/dist/index.js')
  const url = `http://localhost:${port}/mcp`
  const args = [
    bin,
    'server',
    '--url',
    url,
    '--suite',
    'all',
    '--spec-version',
    revision,
    '--output-dir',
    output,
  ]
  await new Promise<void>(resolve => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 }, () => resolve())
  })
  const found = new Map<string, Check[]>()
  for (const name of await readdir(output)) {
    const scenario = /^server-(.+)-\d{4}-\d{2}-\d{2}T/.exec(name)?.[1]
    if (scenario === undefined) continue
    found.set(scenario, JSON.parse(await readFile(join(output, name, 'checks.json'), 'utf8')) as Check[])
  }
  return found
}

/** Hands everything on as it came, Host and Origin too, with a token added. */
function proxyWithToken(port: number, token: string): Promise<Server> {
  const proxying = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, authorization: `Bearer ${token}` }
    const passed = request(
      { host: '127.0.0.1', port, method: incoming.method, path: incoming.url, headers },
      answer => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      },
    )
    passed.on('error', () => outgoing.destroy())
    outgoing.on('close', () => passed.destroy())
    incoming.pipe(passed)
  })
  return new Promise(resolve => {
    proxying.listen(0, '127.0.0.1', () => resolve(proxying))
  })
}
