// `gatehouse task run`, `watch` and `answer`: what can be typed, and who is asked. The commands that only show an
// operation are in commands/tasks.ts.
import type { Command } from 'commander'
import { fault } from '../../../platform/faults.ts'
import type { Task } from '../../client/task/task-shape.ts'
import type { TenantCaller } from '../acting-in.ts'
import { commandAt } from '../commands.ts'
import { addWayOptions } from '../connection/way-options.ts'
import { interruption } from '../ingest/interruption.ts'
import { patiently } from '../ingest/patiently.ts'
import { printable } from '../ingest/report/printable.ts'
import type { Operator } from '../operator.ts'
import { printResult } from '../output.ts'
import { startInput, type RunOptions } from './task-input.ts'
import { watchTask } from './watch-task.ts'

interface Options extends RunOptions {
  readonly tenant?: string
  readonly user: string
  readonly watch?: boolean
  readonly json?: boolean
}

export interface TaskWay {
  readonly openOperator: () => Promise<Operator>
  /** Whether a credential says which tenant it is. */
  readonly isRemote: () => boolean
  /** Runs what a command does, and turns its exit code, or what it throws, into the process's. */
  readonly checking: (fn: () => Promise<number>) => Promise<void>
}

/** A task does what it does within the scopes of the call that began it. */
export const TASK_SCOPES = ['tasks:read', 'tasks:write', 'documents:read']

const EXITS = `
Exit codes: 0 completed · 9 it waits for an answer or for money · 5 failed · 130 cancelled, or watching was interrupted ·
others say why it failed (3 access ended, 4 out of time or unavailable, 6 budget). With --json every event is one line of
JSON, and the last line is the task.`

export function addTaskCommands(program: Command, way: TaskWay): void {
  const run = commandAt(program, 'task run')
    .description('begin a workflow that goes on by itself, whatever becomes of this command')
    .argument('<workflow>', 'one of `task workflows`, for example rag')
    .argument('[question]', 'what is asked, in quotes')
    .option('--watch', 'stay and show it until it is done')
    .option('--model <model>', 'the model that answers (default: GATEHOUSE_MODEL)')
    .option('--label <label>', 'stands beside the cost in reports, for example a matter')
    .option('--input <json>', 'more of what the workflow takes, as a JSON object')
    .option('--time-limit <seconds>', 'its end in time (default: 1800)')
    .addHelpText(
      'after',
      `\nExample:\n  gatehouse task run rag "When may either side terminate?" --tenant acme --watch\n${EXITS}`,
    )
  inTenant(run, way, async (does, [workflow = '', question], options) => {
    const input = startInput(workflow, question, options)
    return does.begin(() => does.caller.run('start_task', input))
  })
  const watch = commandAt(program, 'task watch')
    .description('show a task from its beginning until it is done')
    .argument('<task-id>', 'as `task run` or `task list` shows it')
    .addHelpText('after', `\nExample:\n  gatehouse task watch 0198f2c0-… --tenant acme\n${EXITS}`)
  inTenant(watch, way, (does, [taskId = '']) => does.watch(taskId))
  const answer = commandAt(program, 'task answer')
    .description('answer what a task asks, or tell it more while it works')
    .argument('<task-id>', 'as `task list` shows it')
    .argument('<text>', 'the answer, in quotes')
    .option('--watch', 'stay and show it until it is done')
    .addHelpText(
      'after',
      '\nExample:\n  gatehouse task answer 0198f2c0-… "The 2024 contract" --tenant acme --watch',
    )
  inTenant(answer, way, async (does, [taskId, text = '']) => {
    const message = { message_id: crypto.randomUUID(), task_id: taskId, parts: [{ text }] }
    return does.begin(() => does.caller.run('send_message', { message }))
  })
}

interface Does {
  readonly caller: TenantCaller
  /** Begins or goes on with a task; shows it, or says which it is. */
  begin(ask: () => Promise<Record<string, unknown>>): Promise<number>
  watch(taskId: string): Promise<number>
}

function inTenant(
  command: Command,
  { openOperator, isRemote, checking }: TaskWay,
  act: (does: Does, args: readonly string[], options: Options) => Promise<number>,
): void {
  command
    .option('--tenant <tenant>', 'the tenant, id or slug (required unless a credential names its own)')
    .option('--user <user>', 'the user whose task it is', 'operator')
    .option('--json', 'print JSON')
  addWayOptions(command)
  command.action(() =>
    checking(async () => {
      const options = command.opts<Options>()
      if (options.tenant === undefined && !isRemote())
        throw fault('invalid_input', { say: '--tenant <id or slug> is missing: in which tenant?' })
      const { signal, release } = interruption()
      const operator = await openOperator()
      try {
        return await act(doingFor(operator, options, signal), command.args, options)
      } finally {
        release()
        await operator.close()
      }
    }),
  )
}

function doingFor(operator: Operator, options: Options, signal: AbortSignal): Does {
  const { tenant, user, watch: isWatching = false, json: isJson = false } = options
  const caller = operator.as(tenant, user, TASK_SCOPES)
  const where =
    tenant === undefined ? '' : ` --tenant ${tenant}${user === 'operator' ? '' : ` --user ${user}`}`
  const commandFor = (verb: string, taskId: string, more = ''): string =>
    `gatehouse task ${verb} ${taskId}${more === '' ? '' : ` ${more}`}${where}`
  const streams = { stdout: process.stdout, stderr: process.stderr }
  const watch: Does['watch'] = taskId => watchTask(taskId, { caller, signal, isJson, commandFor, ...streams })
  return {
    caller,
    watch,
    async begin(ask) {
      // Repeating it is safe: it carries a key of its own.
      const { task } = (await patiently(ask, { signal })) as { readonly task: Task }
      if (isWatching) return watch(task.task_id)
      if (isJson) printResult(task, { json: true })
      else console.log(printable(task.task_id))
      console.error(`watch it: ${commandFor('watch', task.task_id)}`)
      return 0
    },
  }
}
