// Reads tasks as their owners see them.
import type { Reader } from '../../../../platform/db/database.ts'
import { sqlFile } from '../../../../platform/db/statements.ts'
import { fault, type Fault } from '../../../../platform/faults.ts'
import type { Task, TaskArtifact, TaskMessage, TaskPart } from '../task-shape.ts'
import type { TaskState } from '../task-states.ts'

/** Whose tasks: nobody sees another user's. */
export interface Owner {
  readonly tenantId: string
  readonly subject: string
}

export interface Shown {
  /** Messages at most, the newest; null for all of them. */
  readonly history: number | null
  readonly artifacts: boolean
}

interface TaskParameters extends Record<string, unknown> {
  tenant_id: string
  subject: string
  ids: readonly string[]
  history: number | null
  artifacts: boolean
}
interface TaskRow {
  readonly id: string
  readonly context_id: string
  readonly workflow: string
  readonly state: TaskState
  readonly say: string | null
  readonly reason: string | null
  readonly facts: Task['status']['facts'] | null
  readonly status_at: Date
  readonly label: string | null
  readonly created_at: Date
  readonly finished_at: Date | null
  readonly deadline_at: Date | null
  readonly last_sequence: bigint
  readonly cost_nano: string
  readonly history: (Omit<TaskMessage, 'metadata'> & { metadata: TaskMessage['metadata'] | null })[] | null
  readonly artifacts: ArtifactRow[] | null
}
type ArtifactRow = Pick<TaskArtifact, 'artifact_id' | 'name'> & {
  readonly description: string | null
  readonly metadata: TaskArtifact['metadata'] | null
  readonly parts: TaskPart[] | null
}
const taskRows = sqlFile<TaskParameters, TaskRow>(import.meta.url, './task-rows.sql')

/** Those of the ids that are the owner's, the newest status first. */
export async function readTasks(
  tx: Reader,
  { tenantId: tenant_id, subject }: Owner,
  ids: readonly string[],
  { history, artifacts }: Shown,
): Promise<Task[]> {
  const rows = await tx.all(taskRows({ tenant_id, subject, ids, history, artifacts }))
  return rows.map(row => taskOf(row, { history, artifacts }))
}

/** Throws `not_found` (`unknown_task`), the same for a task of somebody else and for one that never was. */
export async function readTask(tx: Reader, owner: Owner, id: string, shown: Shown): Promise<Task> {
  const [task] = await readTasks(tx, owner, [id.toLowerCase()], shown)
  if (task === undefined) throw unknownTask()
  return task
}

export function unknownTask(): Fault {
  return fault('not_found', { reason: 'unknown_task', say: 'There is no such task.' })
}

function taskOf(row: TaskRow, { history, artifacts }: Shown): Task {
  const { say, reason, facts, label, finished_at, deadline_at } = row
  return {
    task_id: row.id,
    context_id: row.context_id,
    workflow: row.workflow,
    status: { state: row.state, at: row.status_at.toISOString(), ...given({ say, reason, facts }) },
    created_at: row.created_at.toISOString(),
    last_sequence: Number(row.last_sequence),
    cost_nano: row.cost_nano,
    ...given({
      label,
      finished_at: finished_at?.toISOString(),
      deadline_at: deadline_at?.toISOString(),
      history: history === 0 ? undefined : (row.history ?? []).map(messageOf),
      artifacts: artifacts ? (row.artifacts ?? []).map(artifactOf) : undefined,
    }),
  }
}

function messageOf({ metadata, at, ...message }: NonNullable<TaskRow['history']>[number]): TaskMessage {
  return { ...message, at: new Date(at).toISOString(), ...given({ metadata }) }
}

function artifactOf({ description, metadata, parts, ...artifact }: ArtifactRow): TaskArtifact {
  return { ...artifact, parts: joined(parts ?? []), ...given({ description, metadata }) }
}

/** Text came in pieces; whoever looks at it later sees it whole. */
function joined(parts: readonly TaskPart[]): TaskPart[] {
  const whole: TaskPart[] = []
  for (const part of parts) {
    const last = whole.at(-1)
    if (last?.text === undefined || part.text === undefined || last.media_type !== part.media_type)
      whole.push(part)
    else whole[whole.length - 1] = { ...last, text: last.text + part.text }
  }
  return whole
}

type Given<T> = { [K in keyof T]?: NonNullable<T[K]> }

/** Without what is null or undefined. */
export function given<T extends Record<string, unknown>>(fields: T): Given<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  ) as Given<T>
}
