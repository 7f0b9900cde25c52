// What a workflow works with when it runs as a task: each step is done once and its result kept, together with all that
// it has told and shown.
import { createHash } from 'node:crypto'
import type { ReadCall } from '../../../gate/call.ts'
import type { Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { trace } from '../../../platform/telemetry/trace.ts'
import { tell } from '../tasks/rows/task-events.ts'
import { given } from '../tasks/rows/task-rows.ts'
import type { NewArtifact, Step, StepWork, Work } from '../workflows/workflow.ts'
import { askUser, takeMessages } from './asking/ask-user.ts'
import { mayRepeat } from './asking/may-repeat.ts'
import type { RunningTask } from './run-deps.ts'
import { showArtifact } from './shown/show-artifact.ts'
import { textPieces, type TextPiece } from './shown/text-pieces.ts'
import { timesBegun } from './times-begun.ts'

export function durableWork(running: RunningTask): Work<string> {
  const { deps, doors, run, task, workflow, signal } = running
  return {
    signal,
    async step<T>(name: string, fn: (work: StepWork) => Promise<T>) {
      const step = declaredStep(workflow.steps, name)
      signal.throwIfAborted()
      const done = run.mayBeDone(name) ? await run.done<T>(name) : undefined
      if (done !== undefined) return done.output
      // Between two steps is where a user who may not go on is stopped, and one who may less does less.
      const principal = deps.grants.standing(task)
      if (step.replay === 'ask') await mayRepeat(running, step)
      // Nothing is begun by a run that was superseded: the event asks for its epoch.
      await doors.write(async tx => {
        // The first run has begun nothing before.
        const before = run.epoch > 1 ? await timesBegun(tx, run.key, name) : 0
        await tell(tx, run.key, { kind: 'step', step: name, attempt: before + 1 })
      })
      const call = deps.callAs(principal, { task, workflow, signal })
      return trace(`step ${name}`, () => doStep({ ...running, call }, step, fn))
    },
    ask: (name, question) => askUser(running, `question ${name}`, question),
    messages: name => takeMessages(running, `messages ${name}`),
  }
}

interface Told {
  readonly reports: Parameters<StepWork['report']>[]
  readonly artifacts: NewArtifact[]
}

/** A run in the hands of one step. */
type StepRun = RunningTask & { readonly call: ReadCall }

async function doStep<T>(running: StepRun, { name }: Step, fn: (work: StepWork) => Promise<T>): Promise<T> {
  const { run, task, call, signal, giveUp } = running
  const told: Told = { reports: [], artifacts: [] }
  const pieces = textPieces(
    piece => run.write(tx => showPiece(tx, running, piece)),
    // Not waited for: what the step does meanwhile would be done for nothing.
    giveUp,
  )
  const output = await unlessOver(
    signal,
    fn({
      signal,
      key: createHash('sha256').update(`${task.id} ${name}`).digest('hex'),
      call,
      report: (...report) => void told.reports.push(report),
      artifact: artifact => void told.artifacts.push(artifact),
      writeText: pieces.add,
    }),
  ).catch(async (error: unknown) => {
    await pieces.end().catch(() => undefined)
    throw error
  })
  const last = await pieces.end()
  return run.write(async tx => {
    for (const piece of last) await showPiece(tx, running, piece)
    await tellAll(tx, running, name, told)
    const [recorded] = await Promise.all([
      run.record<T>(tx, name, output),
      tx.run(sql`
        update app.task set attempt = 0, put_off = 0, say = null, reason = null
        where tenant_id = ${task.tenantId} and id = ${task.id} and (attempt > 0 or put_off > 0 or say is not null)`),
    ])
    return recorded
  })
}

function showPiece(tx: Writer, { run }: RunningTask, { artifact, text, isFirst, isLast }: TextPiece) {
  const parts = [{ text, media_type: 'text/markdown' }]
  return showArtifact(tx, run.key, { ...artifact, parts, isFirst, isLast })
}

async function tellAll(
  tx: Writer,
  { run }: RunningTask,
  step: string,
  { reports, artifacts }: Told,
): Promise<void> {
  for (const artifact of artifacts)
    await showArtifact(tx, run.key, { ...artifact, isFirst: true, isLast: true })
  for (const [event, say, facts] of reports)
    await tell(tx, run.key, { kind: 'progress', event, step, say, ...given({ facts }) })
}

/** The work, or the reason why the run is over: a step that does not hear its signal is not waited for. */
async function unlessOver<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const over = Promise.withResolvers<never>()
  const leave = (): void => over.reject(signal.reason)
  signal.addEventListener('abort', leave, { once: true })
  if (signal.aborted) leave()
  // When it loses, it ends by itself, unheard.
  work.catch(() => undefined)
  try {
    return await Promise.race([work, over.promise])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}

function declaredStep(steps: readonly Step[], name: string): Step {
  const step = steps.find(one => one.name === name)
  if (step === undefined)
    throw fault('internal', { detail: `the workflow has not declared the step ${name}` })
  return step
}
