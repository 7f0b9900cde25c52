// Watches a task until it is at rest, and tells about it: drawn on a terminal, in lines elsewhere, or as JSON.
import { asFault, fault, type Fault } from '../../../platform/faults.ts'
import type { TaskUpdate } from '../../client/a2a/wire-task.ts'
import { foldTask } from '../../client/task/fold-task.ts'
import { isWaiting, type Task } from '../../client/task/task-shape.ts'
import { unbegun, viewOf, type DeclaredStep, type TaskView } from '../../client/task/task-view.ts'
import type { TenantCaller } from '../acting-in.ts'
import { jsonText, printWaiting } from '../output.ts'
import { pageOf } from '../search/layout.ts'
import { followTask, type FollowingDeps } from './follow-task.ts'
import { eventLine } from './screen/event-line.ts'
import { liveScreen, type Screen } from './screen/live-screen.ts'
import { resultLines } from './screen/result-lines.ts'
import { faultOf } from './task-end.ts'

export interface WatchingDeps extends Pick<FollowingDeps, 'patience'> {
  readonly caller: TenantCaller
  /** Ends the watching; the task goes on. */
  readonly signal: AbortSignal
  /** One JSON object a line: each event, then the task. */
  readonly isJson: boolean
  /** How a command is typed that is about this task: `gatehouse task cancel <id> --tenant acme`. */
  readonly commandFor: (verb: string, taskId: string, more?: string) => string
  readonly stdout: Screen
  readonly stderr: Screen
}

/** Resolves with the exit code: 0 completed, 9 waiting. Throws how else it ended; `cancelled` when the signal came. */
export async function watchTask(taskId: string, deps: WatchingDeps): Promise<number> {
  const { caller, stdout, isJson, commandFor } = deps
  const begun = await taskNow(caller, taskId, false)
  const reporter = reporterFor(deps)
  let view = unbegun(begun, await stepsOf(caller, begun.workflow))
  try {
    for await (const update of followTask(taskId, deps)) {
      view = update.kind === 'snapshot' ? viewOf(update.task, view.steps) : foldTask(view, update)
      reporter.tell(update, view)
    }
  } catch (error) {
    throw deps.signal.aborted ? stopped(taskId, deps, error) : error
  } finally {
    reporter.end()
  }
  const task = await taskNow(caller, taskId, true)
  if (isJson) stdout.write(`${jsonText({ kind: 'task', task })}\n`)
  else stdout.write(`${resultLines(task, pageOf(stdout)).join('\n')}\n`)
  const problem = faultOf(task)
  if (problem !== undefined) throw problem
  const { state, say = 'The task waits for somebody.', reason } = task.status
  if (!isWaiting(state)) return 0
  return printWaiting(reason ?? state, say, nextFor(task, commandFor))
}

async function taskNow(caller: TenantCaller, taskId: string, artifacts: boolean): Promise<Task> {
  const { task } = await caller.run('get_task', { task_id: taskId, history_length: 0, artifacts })
  return task as Task
}

/** What waits for money goes on by itself when there is some. */
function nextFor({ task_id: id, status }: Task, commandFor: WatchingDeps['commandFor']): string {
  if (status.reason === 'budget_exceeded')
    return 'it goes on by itself once there is money: gatehouse budget set'
  return commandFor('answer', id, '"…"')
}

/** The workflow's steps, to show those that are to come; without them steps are shown as they begin. */
async function stepsOf(caller: TenantCaller, workflow: string): Promise<readonly DeclaredStep[]> {
  try {
    const { workflows } = await caller.run('list_workflows', {})
    const declared = workflows as readonly {
      readonly name: string
      readonly steps: readonly DeclaredStep[]
    }[]
    return declared.find(({ name }) => name === workflow)?.steps ?? []
  } catch (error) {
    if (asFault(error).code === 'cancelled') throw error
    return []
  }
}

function stopped(taskId: string, { commandFor }: WatchingDeps, because: unknown): Fault {
  const [watch, cancel] = [commandFor('watch', taskId), commandFor('cancel', taskId)]
  return fault('cancelled', {
    reason: 'interrupted',
    say: `Stopped watching; the task goes on. Watch on: ${watch}. End it: ${cancel}`,
    because,
  })
}

interface Reporter {
  tell(update: TaskUpdate, view: TaskView): void
  end(): void
}

function reporterFor({ isJson, stdout, stderr }: WatchingDeps): Reporter {
  if (isJson) {
    return {
      tell: update => void stdout.write(`${jsonText(update)}\n`),
      end: () => undefined,
    }
  }
  if (stderr.isTTY === true) {
    const screen = liveScreen(stderr)
    return { tell: (_, view) => screen.show(view), end: () => screen.end() }
  }
  return {
    tell(update, view) {
      const line = eventLine(update, view)
      if (line !== undefined) stderr.write(`${line}\n`)
    },
    end: () => undefined,
  }
}
