// `gatehouse task …` as a person uses it, on a real server: run and watch, list, show, tell, cancel; and a watching command
// that sees its server stop and start.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HANG, openScriptedModel, type ScriptedModel } from '../harness/scripted-model.ts'
import {
  failureOf,
  openDeployment,
  until,
  type Deployment,
  type Finished,
  type RunningProcess,
} from './server-process.ts'

let deployment: Deployment
let server: RunningProcess
let model: ScriptedModel
let folder: string
beforeAll(async () => {
  model = await openScriptedModel(() => ({ says: ['It ', HANG] }))
  deployment = await openDeployment({ env: { OPENAI_BASE_URL: model.url } })
  server = await deployment.start()
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-task-test-'))
  await writeFile(join(folder, 'plan.md'), '# Plan\n\nA breach must be notified within 72 hours.\n')
  await deployment.json('tenant', 'create', 'acme')
  await deployment.json('price', 'set', 'openai:slow', '--input', '1', '--output', '1')
  const { code, stderr } = await deployment.command('ingest', join(folder, 'plan.md'), '--tenant', 'acme')
  if (code !== 0) throw new Error(stderr)
})
afterAll(async () => {
  await deployment.close()
  await model.close()
  await rm(folder, { recursive: true, force: true })
})

const ASKED = 'When must a breach be notified?'
const task = (...args: string[]): Promise<Finished> => deployment.command('task', ...args, '--tenant', 'acme')
const json = <T>(...args: string[]): Promise<T> => deployment.json<T>('task', ...args, '--tenant', 'acme')
const containing = (text: string): unknown => expect.stringContaining(text)
interface Listed {
  readonly id: string
  readonly state: string
  readonly label?: string
}

test('run --watch tells what happens on standard error, and prints the answer with its checked citations', async () => {
  const { code, stdout, stderr } = await task('run', 'rag', ASKED, '--watch', '--label', 'M-1')
  expect(stderr).toBe(
    [
      'submitted',
      'working',
      'Search the documents: begun',
      'Search the documents: Found 1 documents',
      'Rank the passages: begun',
      'artifact: passages',
      'Rank the passages: Ranked top 1 documents',
      'Write the answer: begun',
      'artifact: answer',
      'Write the answer: Generated final answer',
      'Check the citations: begun',
      'artifact: citations',
      'Check the citations: Verified sources',
      'completed',
      '',
    ].join('\n'),
  )
  expect(stdout).toMatch(
    /^“A breach must be notified within 72 hours\.” \[1\]\n\n✓ \[1\] .* · verified\n\nrag · completed · free · /,
  )
  expect(code).toBe(0)
})

test('a task that was begun is listed, shown, and can be watched from its beginning', async () => {
  const { code, stdout, stderr } = await task('run', 'rag', ASKED, '--label', 'M-2')
  const id = stdout.trim()
  expect(stderr).toBe(`watch it: gatehouse task watch ${id} --tenant acme\n`)
  expect(code).toBe(0)
  const watched = await task('watch', id, '--json')
  const lines = watched.stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as { sequence: number; kind: string })
  expect(lines.slice(0, -1).map(({ sequence }) => sequence)).toEqual(lines.slice(1).map((_, at) => at + 1))
  expect(lines.at(-1)).toMatchObject({ kind: 'task', task: { task_id: id, status: { state: 'completed' } } })
  const listed = await json<Listed[]>('list', '--state', 'completed')
  expect(listed[0]).toMatchObject({ id, workflow: 'rag', state: 'completed', label: 'M-2' })
  expect((await task('show', id)).stdout).toContain('within 72 hours.” [1]')
  expect(await json('show', id)).toMatchObject({ task_id: id, label: 'M-2' })
  // Another user's task is none.
  expect(failureOf(await task('show', id, '--user', 'bob'))).toMatchObject({
    exit: 7,
    error: { reason: 'unknown_task' },
  })
})

test('watching outlives its server and sees the end; Ctrl-C gives it up, and the task goes on', async () => {
  const slow = ['--model', 'openai:slow', '--watch', '--tenant', 'acme']
  const watch = deployment.spawn(['task', 'run', 'rag', ASKED, ...slow])
  await until(() => watch.stderr().includes('artifact: answer'), 'it is being answered')
  server.signal('SIGKILL')
  await server.ended
  server = await deployment.start()
  const [{ id } = { id: '' }] = await json<Listed[]>('list', '--state', 'working')

  const another = deployment.spawn(['task', 'watch', id, '--tenant', 'acme'])
  await until(() => another.stderr().includes('artifact: answer'), 'it is watched from its beginning')
  another.signal('SIGINT')
  const stopped = failureOf(await another.ended)
  expect(stopped).toMatchObject({ exit: 130, error: { reason: 'interrupted' } })
  expect(stopped.error.message).toContain(`gatehouse task cancel ${id} --tenant acme`)

  expect((await task('answer', id, 'Only this year.')).code).toBe(0)
  expect(await json('cancel', id)).toMatchObject({ id, state: 'canceled' })
  const ended = await watch.ended
  expect(failureOf({ ...ended, stdout: '' })).toMatchObject({ exit: 130, error: { reason: 'canceled' } })
  expect(ended.stderr.match(/Found 1 documents/g)).toHaveLength(1)
  expect(ended.stdout).toContain('rag · canceled · ')
})

test('the steps of workflows are drawn', async () => {
  const { stdout, stderr } = await task('workflows', '--graph')
  expect({ stdout, stderr }).toEqual({ stdout: containing('flowchart LR\n'), stderr: '' })
})

test('what is refused says the next step', async () => {
  const finished = await task('run', 'nope', ASKED)
  expect(failureOf(finished)).toMatchObject({ exit: 2, error: { reason: 'unknown_workflow' } })
  expect(finished.stderr).toContain('→ those there are: gatehouse task workflows')
})
