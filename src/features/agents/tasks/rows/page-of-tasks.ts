// One page of the list of somebody's tasks: which tasks, in which order.
import type { Reader } from '../../../../platform/db/database.ts'
import { sqlFile } from '../../../../platform/db/statements.ts'
import type { TaskState } from '../task-states.ts'
import type { Place } from './page-token.ts'
import type { Owner } from './task-rows.ts'

export interface PageWanted {
  readonly context_id: string | null
  readonly state: TaskState | null
  readonly since: string | null
  /** Where the page before ended. */
  readonly before: Place | undefined
  readonly limit: number
}

interface PageParameters extends Record<string, unknown> {
  tenant_id: string
  subject: string
  context_id: string | null
  state: string | null
  since: string | null
  before_at: string | null
  before_id: string | null
  limit: number
}
const listTasks = sqlFile<PageParameters, Place & { total: bigint }>(import.meta.url, './list-tasks.sql')

/** Each with the number of all that the filter lets through, on every page. */
export async function pageOfTasks(
  tx: Reader,
  { tenantId: tenant_id, subject }: Owner,
  { before, ...wanted }: PageWanted,
): Promise<(Place & { readonly total: number })[]> {
  const place = { before_at: before?.at ?? null, before_id: before?.id ?? null }
  const rows = await tx.all(listTasks({ tenant_id, subject, ...wanted, ...place }))
  return rows.map(({ at, id, total }) => ({ at, id, total: Number(total) }))
}
