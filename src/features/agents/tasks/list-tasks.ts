// list_tasks: the caller's tasks, those whose status changed last first.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import type { Reader } from '../../../platform/db/database.ts'
import { pageOfTasks } from './rows/page-of-tasks.ts'
import type { PageTokens } from './rows/page-token.ts'
import { readTasks, type Owner, type Shown } from './rows/task-rows.ts'
import { TASK_STATES } from './task-states.ts'
import { Task } from './task-shape.ts'

export interface ListTasksDeps {
  readonly pages: PageTokens
}

const input = z.strictObject({
  context_id: z.guid('must be a UUID').optional(),
  state: z.enum(TASK_STATES).optional(),
  since: z.iso
    .datetime({ offset: true })
    .refine(isSound, 'must be a time of the years 1970 to 9999')
    .optional()
    .describe('Those whose status changed then or later.'),
  page_size: z.int().min(1).max(100).default(50),
  page_token: z.string().max(500).optional().describe('The next_page_token of the page before.'),
  history_length: z.int().min(0).max(500).default(0),
  artifacts: z.boolean().default(false),
})

export function listTasks({ pages }: ListTasksDeps) {
  return defineOperation({
    name: 'list_tasks',
    title: 'List tasks',
    description:
      'Lists your tasks, the newest status first. Pass next_page_token as page_token for the next page.',
    realm: 'tenant',
    access: 'read',
    scope: 'tasks:read',
    tool: false,
    uncounted: true,
    input,
    output: z.strictObject({
      tasks: z.array(Task),
      next_page_token: z.string().describe('Empty on the last page.'),
      page_size: z.int().describe('As asked for; a page whose tasks have much to show holds fewer.'),
      total_size: z.int().describe('Of all pages.'),
    }),
    async run({ context_id, state, since, page_size, page_token, history_length, artifacts }, call) {
      const { tenantId, subject } = call.principal
      const filter = {
        context_id: context_id?.toLowerCase() ?? null,
        state: state ?? null,
        since: since === undefined ? null : new Date(since).toISOString(),
      }
      const about = JSON.stringify([tenantId, subject, filter])
      const before = page_token === undefined ? undefined : pages.read(page_token, about)
      return call.read(async tx => {
        const rows = await pageOfTasks(tx, { tenantId, subject }, { ...filter, before, limit: page_size + 1 })
        const wanted = rows.slice(0, page_size).map(({ id }) => id)
        const tasks = await readBounded(tx, { tenantId, subject }, wanted, {
          history: history_length,
          artifacts,
        })
        const last = rows[tasks.length - 1]
        return {
          tasks,
          next_page_token: rows.length > tasks.length && last !== undefined ? pages.write(last, about) : '',
          page_size,
          total_size: rows[0]?.total ?? 0,
        }
      })
    },
  })
}

/** UTF-16 code units of JSON: a page of tasks with much to show ends earlier than it was asked to. */
const MOST_CHARACTERS = 4_000_000
const AT_ONCE = 10

/** The first of them, at least one. */
async function readBounded(tx: Reader, owner: Owner, ids: readonly string[], shown: Shown): Promise<Task[]> {
  if (shown.history === 0 && !shown.artifacts) return readTasks(tx, owner, ids, shown)
  const tasks: Task[] = []
  let characters = 0
  for (let at = 0; at < ids.length && characters < MOST_CHARACTERS; at += AT_ONCE)
    for (const task of await readTasks(tx, owner, ids.slice(at, at + AT_ONCE), shown)) {
      characters += JSON.stringify(task).length
      if (characters < MOST_CHARACTERS || tasks.length === 0) tasks.push(task)
    }
  return tasks
}

/** More times can be written than a database knows. */
function isSound(time: string): boolean {
  const at = Date.parse(time)
  return at >= 0 && at < Date.UTC(10_000, 0)
}
