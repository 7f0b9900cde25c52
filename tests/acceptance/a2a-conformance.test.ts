// The server for the A2A conformance kit, as a process: what the kit asks for by the beginning of a messageId becomes of the
// task, without a credential. The two things that this product does not have (see tests/conformance) end as they say.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WireAnswer } from '../harness/a2a-wire.ts'
import { ENGINE, environment, freePort, until } from './server-process.ts'

const SERVER = fileURLToPath(new URL('../conformance/a2a-server.ts', import.meta.url))

// It brings its own embedded database.
describe.runIf(ENGINE === 'pglite')('the conformance server', () => {
  let url: string
  let stop: () => Promise<unknown>
  beforeAll(async () => {
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    const server = spawn(process.execPath, [SERVER, String(port)], {
      env: environment({}),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(server, 'close')
    stop = () => {
      server.kill('SIGTERM')
      return ended
    }
    let said = ''
    server.stdout.setEncoding('utf8').on('data', (text: string) => void (said += text))
    await until(() => said.includes(url), 'the conformance server stands', 60_000)
  })
  afterAll(() => stop())

  async function send(messageId: string, more: object = {}) {
    const message = { messageId, role: 'ROLE_USER', parts: [{ text: 'hi' }], ...more }
    const response = await fetch(`${url}/a2a/rest/message:send`, {
      method: 'POST',
      headers: { 'content-type': 'application/a2a+json' },
      body: JSON.stringify({ message }),
    })
    const { task } = (await response.json()) as WireAnswer['body']
    if (task === undefined) throw new Error(`${messageId}: ${response.status}`)
    return task
  }

  test.each([
    ['tck-complete-task', 'COMPLETED', []],
    ['tck-artifact-text', 'COMPLETED', ['Generated text content']],
    ['tck-artifact-data', 'COMPLETED', [{ key: 'value', count: 42 }]],
    ['tck-artifact-file', 'FAILED', []],
    ['tck-artifact-file-url', 'FAILED', []],
    ['tck-message-response', 'COMPLETED', ['Direct message response']],
    ['tck-reject-task', 'FAILED', []],
    ['tck-stream-001', 'COMPLETED', []],
    ['tck-stream-002', 'COMPLETED', ['Stream artifact']],
    ['tck-stream-003', 'COMPLETED', []],
    ['tck-stream-ordering-001', 'COMPLETED', []],
    ['tck-stream-artifact-text', 'COMPLETED', ['Streamed text content']],
    ['tck-stream-artifact-file', 'FAILED', []],
    ['tck-stream-artifact-chunked', 'COMPLETED', ['chunk-1 chunk-2 chunk-3']],
    ['anything-else', 'COMPLETED', []],
  ])('%s ends as %s', async (prefix, state, shown) => {
    const { status, artifacts = [] } = await send(`${prefix}-1`)
    expect(status.state).toBe(`TASK_STATE_${state}`)
    expect(artifacts.flatMap(({ parts }) => parts.map(({ text, data }) => text ?? data))).toEqual(shown)
  })

  test('tck-input-required waits, and goes on with the answer', async () => {
    const { id: taskId, status } = await send('tck-input-required-1')
    expect(status.state).toBe('TASK_STATE_INPUT_REQUIRED')
    expect((await send('answer-1', { taskId })).status.state).toBe('TASK_STATE_COMPLETED')
  })
})
