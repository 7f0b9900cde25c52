// `gatehouse task …`: what only shows an operation. Running and watching are in task/task-commands.ts.
import type { Task } from '../../client/task/task-shape.ts'
import { printable } from '../ingest/report/printable.ts'
import { pageOf, wrapped } from '../search/layout.ts'
import { resultLines } from '../task/screen/result-lines.ts'
import { stateText } from '../task/screen/step-lines.ts'
import type { OperationCommand } from './operation-command.ts'

const READ = ['tasks:read']

export const TASK_COMMANDS: readonly OperationCommand[] = [
  {
    path: 'task list',
    says: 'list the tasks of a user, those that changed last first',
    operation: 'list_tasks',
    scopes: READ,
    options: [
      ['--state <state>', 'submitted, working, input_required, completed, failed, canceled or rejected'],
      ['--limit <n>', 'tasks at most, 1 to 100 (default: 50)'],
    ],
    input: ({ state, limit }) => ({ state, page_size: limit === undefined ? undefined : Number(limit) }),
    show: result => (result['tasks'] as readonly Task[]).map(listed),
    example: 'gatehouse task list --tenant acme --state working',
  },
  {
    path: 'task show',
    says: 'show a task: how it stands and what it has made',
    operation: 'get_task',
    scopes: READ,
    argument: ['<task-id>', 'as `task list` shows it'],
    input: (_, taskId) => ({ task_id: taskId }),
    show: result => result['task'],
    lines: task => taskLines(task as Task),
    example: 'gatehouse task show 0198f2c0-… --tenant acme',
  },
  {
    path: 'task cancel',
    says: 'end a task; what it has made so far stays',
    operation: 'cancel_task',
    scopes: ['tasks:write'],
    argument: ['<task-id>', 'as `task list` shows it'],
    input: (_, taskId) => ({ task_id: taskId }),
    show: result => listed(result['task'] as Task),
    example: 'gatehouse task cancel 0198f2c0-… --tenant acme',
  },
  {
    path: 'task workflows',
    says: 'list what tasks can be of, with what each takes and does',
    operation: 'list_workflows',
    scopes: READ,
    options: [['--graph', 'print their steps as Mermaid flowcharts']],
    input: () => ({}),
    show: result => (result['workflows'] as readonly Described[]).map(one => ({ id: one.name, ...one })),
    lines: (shown, { graph }) =>
      (shown as readonly Described[]).flatMap(one => (graph === true ? [one.graph] : workflowLines(one))),
    example: 'gatehouse task workflows --tenant acme --graph',
  },
]

interface Described {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly steps: readonly { readonly title: string }[]
  readonly input_schema: { readonly properties?: Readonly<Record<string, unknown>> }
  readonly graph: string
}

function workflowLines({ name, title, description, steps, input_schema: input }: Described): string[] {
  const page = pageOf(process.stdout)
  return [
    `${name}  ${title}`,
    ...wrapped(description, page, '  '),
    ...wrapped(`steps: ${steps.map(step => step.title).join(' → ')}`, page, '  '),
    ...wrapped(`input: ${Object.keys(input.properties ?? {}).join(', ')}`, page, '  '),
  ]
}

function listed({ task_id, workflow, status, label, created_at }: Task): Record<string, unknown> {
  return {
    id: task_id,
    workflow,
    state: status.state,
    since: status.at,
    created_at,
    ...(label === undefined ? {} : { label: printable(label) }),
    ...(status.say === undefined ? {} : { say: printable(status.say) }),
  }
}

function taskLines(task: Task): string[] {
  const { status, label } = task
  return [
    `${task.task_id} · ${stateText(status.state)}${label === undefined ? '' : ` · ${printable(label)}`}`,
    ...(status.say === undefined ? [] : [printable(status.say)]),
    '',
    ...resultLines(task, pageOf(process.stdout)),
  ]
}
