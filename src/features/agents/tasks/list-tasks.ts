// list_tasks: the caller's tasks, those whose status changed last first.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { pageOfTasks } from './rows/page-of-tasks.ts'
import type { PageTokens } from './rows/page-token.ts'
import { readTasks } from './rows/task-rows.ts'
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
    input,
    output: z.strictObject({
      tasks: z.array(Task),
      next_page_token: z.string().describe('Empty on the last page.'),
      page_size: z.int(),
      total_size: z.int().describe('Of all pages.'),
    }),
    async run({ context_id, state, since, page_size, page_token, history_length, artifacts }, call) {
      const { tenantId, subject } = call.principal
      const filter = {
        context_id: context_id?.toLowerCase() ?? null,
        state: state ?? null,
        since: since ?? null,
      }
      const about = JSON.stringify([tenantId, subject, filter])
      const before = page_token === undefined ? undefined : pages.read(page_token, about)
      return call.read(async tx => {
        const rows = await pageOfTasks(tx, { tenantId, subject }, { ...filter, before, limit: page_size + 1 })
        const page = rows.slice(0, page_size)
        const last = page.at(-1)
        const ids = page.map(({ id }) => id)
        return {
          tasks: await readTasks(tx, { tenantId, subject }, ids, { history: history_length, artifacts }),
          next_page_token: rows.length > page_size && last !== undefined ? pages.write(last, about) : '',
          page_size,
          total_size: rows[0]?.total ?? 0,
        }
      })
    },
  })
}

/** More times can be written than a database knows. */
function isSound(time: string): boolean {
  const at = Date.parse(time)
  return at >= 0 && at < Date.UTC(10_000, 0)
}
