// The embedded database has one process, which does everything: killed at every place of a run and started again on the
// same folder, it goes on where it was.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { pgliteEngine } from '../../src/platform/db/engine/pglite-engine.ts'
import { toWire } from '../../src/platform/db/engine/value-types.ts'
import { siblingFile } from '../../src/platform/sibling-file.ts'
import { environment, openDeployment, until, type Deployment } from '../acceptance/server-process.ts'
import { outcomeOf, type KnownTask } from '../harness/task-books.ts'
import { startEffects, type EffectServer } from '../harness/task-effects.ts'
import { taskName } from '../harness/task-play.ts'
import { PLACES } from '../harness/task-workflows.ts'
import { postApi } from './tasks-replicas.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

let deployment: Deployment
let effects: EffectServer
let running: ChildProcess | undefined
beforeAll(async () => {
  effects = await startEffects()
  deployment = await openDeployment()
})
afterAll(async () => {
  running?.kill('SIGKILL')
  await effects.close()
  await deployment.close()
})

async function start(): Promise<ChildProcess> {
  const script = siblingFile(import.meta.url, '../harness/task-process.ts').pathname
  const env = environment({ ...deployment.env, TASK_EFFECTS_URL: effects.url, LOG_LEVEL: 'error' })
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  running = child
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (said += text))
  await until(() => said.includes('Stop: Ctrl-C.'), 'the server stands', 60_000)
  return child
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'close')
  child.kill(signal)
  await ended
}

test.runIf(inject('engine') === 'pglite')(
  'F21: kill -9 of the whole server with a task at every place of a run; started again it ends them all, once',
  async () => {
    const first = await start()
    await deployment.json('tenant', 'create', 'acme')
    const token = await deployment.token('acme', '--audience', 'api')
    const post = (operation: string, input: unknown) =>
      postApi({ url: deployment.url, token }, operation, input)
    const tasks: KnownTask[] = []
    for (const place of PLACES) {
      const name = taskName('restart')
      effects.holdAt(name, place)
      const { body } = await post('start_task', { workflow: 'durable', question: name })
      tasks.push({ id: (body['task'] as { task_id: string }).task_id, name })
    }
    await until(() => effects.held().size === tasks.length, 'all tasks are where they should be', 60_000)
    const places = effects.held()
    await stop(first, 'SIGKILL')
    effects.release()
    const second = await start()
    const isOver = async ({ id }: KnownTask): Promise<boolean> =>
      (await post('follow_task', { task_id: id, after: 1_000 })).body['is_over'] === true
    await until(async () => (await Promise.all(tasks.map(isOver))).every(Boolean), 'all have ended', 60_000)
    await stop(second, 'SIGTERM')
    const outcome = await lookedAt(tasks, (task, step) => {
      const place = places.get(task)?.at
      return place === `amid ${step}` || place === `after ${step}` ? 2 : 1
    })
    expect(outcome).toEqual({ tasks: tasks.length, lost: [], duplicated: [], gaps: [], terminalTwice: [] })
  },
)

/** By the folder that the server has left. */
async function lookedAt(tasks: readonly KnownTask[], mostCalls: (task: string, step: string) => number) {
  const engine = await pgliteEngine({ folder: join(deployment.dataDir, 'postgres'), snapshot: undefined })
  const session = await engine.acquire()
  try {
    const asAdmin = async (text: string, values: readonly unknown[] = []) =>
      (await session.send({ text, values: values.map(toWire) })).rows
    return await outcomeOf(asAdmin, effects, tasks, { state: 'completed', isWhole: true, mostCalls })
  } finally {
    session.release()
    await engine.close()
  }
}
