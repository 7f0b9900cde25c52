// ListTasks: the caller's own tasks, newest status first, page by page.
import { TaskState, type Task } from '@a2a-js/sdk'
import { z } from 'zod'
import { lookedFor, type A2aCaller } from '../a2a-caller.ts'
import { HistoryLength, protoObject, readParams } from '../codec/read-params.ts'
import { taskToWire, WIRE_STATE } from '../codec/task-to-wire.ts'
import { anotherTenant } from './another-tenant.ts'
import type { MethodDeps } from './method.ts'

export interface TaskPage {
  readonly tasks: readonly Task[]
  readonly hasArtifacts: boolean
  readonly nextPageToken: string
  readonly pageSize: number
  readonly totalSize: number
}

/** By every name that ProtoJSON has for a state: the enum's and its number. */
const STATES = new Map<string | number, string>(
  Object.entries(WIRE_STATE).flatMap(([ours, wire]) => [
    [wire, ours],
    [TaskState[wire], ours],
  ]),
)
const ANY_STATE = ['TASK_STATE_UNSPECIFIED', 0, '']

const Params = protoObject({
  contextId: z.string().optional(),
  status: z
    .union([z.string(), z.int()])
    .refine(value => ANY_STATE.includes(value) || STATES.has(value), 'must be a TaskState')
    .optional(),
  pageSize: z.int().min(1).max(100).optional(),
  pageToken: z.string().max(2_000).optional(),
  historyLength: HistoryLength,
  statusTimestampAfter: z.iso.datetime({ offset: true }).optional(),
  includeArtifacts: z.boolean().optional(),
})

export function listTasks({ operations, uri }: MethodDeps) {
  return async (raw: unknown, caller: A2aCaller): Promise<TaskPage> => {
    const { includeArtifacts: hasArtifacts = false, historyLength = 0, ...asked } = readParams(Params, raw)
    if (caller.isElsewhere) throw anotherTenant()
    const state = STATES.get(asked.status ?? '')
    const page = await operations.run(
      'list_tasks',
      {
        history_length: historyLength,
        artifacts: hasArtifacts,
        ...(asked.contextId ? { context_id: lookedFor(asked.contextId, caller) } : {}),
        ...(state === undefined ? {} : { state }),
        ...(asked.statusTimestampAfter === undefined
          ? {}
          : { since: new Date(asked.statusTimestampAfter).toISOString() }),
        ...(asked.pageSize === undefined ? {} : { page_size: asked.pageSize }),
        ...(asked.pageToken ? { page_token: asked.pageToken } : {}),
      },
      caller,
    )
    return {
      tasks: page.tasks.map(task => taskToWire(task, { uri, historyLength })),
      hasArtifacts,
      nextPageToken: page.next_page_token,
      pageSize: page.page_size,
      totalSize: page.total_size,
    }
  }
}
