// A page of tasks by number or by cursor. The list itself knows cursors alone: an offset is walked to, and is bounded.
import type { Task } from '../../../features/agents/tasks/task-shape.ts'
import { fault, type FieldIssue } from '../../../platform/faults.ts'
import { facadeTask } from './facade-task.ts'

const BOUNDS = {
  limit: { least: 1, most: 100, usual: 50 },
  offset: { least: 0, most: 1_000, usual: 0 },
} as const

/** The answer of list_tasks. */
export interface Listed {
  readonly tasks: readonly Task[]
  readonly next_page_token: string
  readonly total_size: number
}

type ListTasks = (input: Record<string, unknown>) => Promise<Listed>

const KNOWN = ['limit', 'offset', 'cursor', 'state', 'context_id']

/** Throws `invalid_input` for a query that names something else, or a number out of its bounds. */
export async function taskPage(
  query: Readonly<Record<string, unknown>>,
  list: ListTasks,
): Promise<Record<string, unknown>> {
  const { limit, offset, cursor, filter } = readQuery(query)
  const start = await skipped(offset, cursor, input => list({ ...filter, ...input }))
  const { tasks, next_page_token, total_size }: Listed =
    start === undefined
      ? { ...(await list({ ...filter, page_size: 1 })), tasks: [], next_page_token: '' }
      : await list({ ...filter, page_size: limit, ...start })
  return {
    tasks: tasks.map(facadeTask),
    total: total_size,
    limit,
    offset,
    next_cursor: next_page_token === '' ? null : next_page_token,
  }
}

/** Where the page begins; undefined when the list has ended before. */
async function skipped(
  offset: number,
  cursor: unknown,
  list: ListTasks,
): Promise<{ readonly page_token?: unknown } | undefined> {
  let start = cursor === undefined ? {} : { page_token: cursor }
  for (let left = offset; left > 0; ) {
    const { tasks, next_page_token: token } = await list({
      page_size: Math.min(left, BOUNDS.limit.most),
      ...start,
    })
    if (token === '') return undefined
    left -= tasks.length
    start = { page_token: token }
  }
  return start
}

function readQuery(query: Readonly<Record<string, unknown>>) {
  const unknown = Object.keys(query).find(name => !KNOWN.includes(name))
  if (unknown !== undefined)
    throw refused({
      field: unknown,
      message: `unknown parameter "${unknown.slice(0, 60)}"; known: ${KNOWN.join(', ')}`,
    })
  const { cursor, state, context_id: context } = query
  return {
    limit: wholeNumber(query, 'limit'),
    offset: wholeNumber(query, 'offset'),
    cursor,
    filter: {
      ...(state === undefined ? {} : { state }),
      ...(context === undefined ? {} : { context_id: context }),
    },
  }
}

function wholeNumber(query: Readonly<Record<string, unknown>>, name: keyof typeof BOUNDS): number {
  const { least, most, usual } = BOUNDS[name]
  const text = query[name]
  if (text === undefined) return usual
  const value = typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : -1
  if (value < least || value > most)
    throw refused({ field: name, message: `${name} must be a whole number from ${least} to ${most}` })
  return value
}

function refused(issue: FieldIssue) {
  return fault('invalid_input', { say: issue.message, issues: [issue] })
}
