// The MCP Inspector's command line as a client: independent of every other in the tests, and what people try first.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { INSPECTOR_CLI } from '../../web/src/journeys/connect/clients/terminal.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'

const FOLDER = join(import.meta.dirname, '../../tools/inspector')
const PACKAGE = join(FOLDER, 'node_modules/@modelcontextprotocol/inspector')

let house: TestGatehouse
let token: string
beforeAll(async () => {
  if (!existsSync(PACKAGE)) {
    const installed = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: FOLDER,
      encoding: 'utf8',
    })
    if (installed.status !== 0) throw new Error(`the Inspector could not be installed: ${installed.stderr}`)
  }
  house = await openTestGatehouse()
  await house.createTenant('alpha')
  token = await house.token('alpha')
  await house.call(token, 'add_document', { title: 'Harbour rules', content: 'The lantern is lit at dusk.' })
}, 180_000)
afterAll(() => house.close())

interface Run {
  readonly code: number | null
  readonly output: string
}

function inspect(...args: string[]): Promise<Run> {
  const bin = join(PACKAGE, 'clients/launcher/build/index.js')
  const child = spawn(
    process.execPath,
    [bin, '--cli', `${house.url}/mcp`, '--transport', 'http', '--stored-auth-only', ...args],
    {
      env: { ...process.env, MCP_INSPECTOR_SECRET_STORE: 'memory' },
    },
  )
  let output = ''
  child.stdout.on('data', chunk => (output += String(chunk)))
  child.stderr.on('data', chunk => (output += String(chunk)))
  return new Promise(resolve => child.on('close', code => resolve({ code, output })))
}

test.each(['legacy', 'modern'])('the Inspector lists and calls tools in the %s era', async era => {
  const auth = ['--protocol-era', era, '--header', `Authorization: Bearer ${token}`, '--format', 'json']
  const list = await inspect(...auth, '--method', 'tools/list')
  expect(list.output).toContain('"hybrid_search"')
  const call = await inspect(
    ...auth,
    '--method',
    'tools/call',
    '--tool-name',
    'hybrid_search',
    '--tool-args-json',
    '{"query":"lantern"}',
  )
  expect(call.output).toContain('Harbour rules')
  expect([list.code, call.code]).toEqual([0, 0])
})

test('the command that the page tells people to paste runs as it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-npx-'))
  // What npx would fetch is here already: the version that the command names.
  const bin = join(PACKAGE, 'clients/launcher/build/index.js')
  await writeFile(join(folder, 'npx'), `#!/bin/sh\nshift\nexec '${process.execPath}' '${bin}' "$@"\n`, {
    mode: 0o755,
  })
  const { version } = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8')) as { version: string }
  const [snippet] = INSPECTOR_CLI.snippets({ url: house.url, token })
  expect(snippet?.text).toContain(`inspector@${version} `)
  const child = spawn('sh', ['-c', snippet?.text ?? ''], {
    env: {
      ...process.env,
      PATH: `${folder}:${process.env['PATH'] ?? ''}`,
      MCP_INSPECTOR_SECRET_STORE: 'memory',
    },
  })
  const output = await text(child.stdout)
  await rm(folder, { recursive: true })
  expect(output).toContain('"hits"')
})

test('without a token the Inspector says that authorization is required', async () => {
  expect((await inspect('--protocol-era', 'modern', '--method', 'tools/list')).code).toBe(3)
})
