// A2A 1.0 as it is written (ProtoJSON), as the shapes of task-shape.ts. What A2A has no place for (sequence, step, facts)
// stands in the metadata under the URI of our extension. Everything is from outside: what is not there is left out.
import { GatehouseError, membersOf } from '../gatehouse-error.ts'
import { hasEnded, isWaiting } from '../task/task-shape.ts'
import type {
  Json,
  TaskArtifact,
  TaskEvent,
  TaskMessage,
  TaskPart,
  TaskSnapshot,
  TaskState,
  TaskStatus,
} from '../task/task-shape.ts'
import type { Piece } from '../events/resume-stream.ts'

/** A task as it is when a stream begins, or when events are not to be had any more (`gap`): it replaces what was seen. */
export interface SnapshotUpdate {
  readonly kind: 'snapshot'
  readonly sequence: number
  readonly gap: boolean
  readonly task: TaskSnapshot
}

export type TaskUpdate = SnapshotUpdate | TaskEvent

type Members = Readonly<Record<string, unknown>>

/** Below the public URL of the server, which a client need not have been told. */
export const EVENT_LOG_PATH = '/a2a/extensions/event-log/v1'

export const STATE_PREFIX = 'TASK_STATE_'

/** What our extension says of an update; nothing where the server did not activate it. */
function eventLog(metadata: unknown): Members {
  const own = Object.entries(membersOf(metadata)).find(([uri]) => uri.endsWith(EVENT_LOG_PATH))
  return membersOf(own?.[1])
}

/** One event of a stream. `id` is that of the server-sent event. */
export function pieceOf(response: Members, id: string): Piece<TaskUpdate> {
  const { task, statusUpdate, artifactUpdate } = response
  if (task !== undefined) return snapshotPiece(membersOf(task), id)
  const update = membersOf(statusUpdate ?? artifactUpdate)
  const log = eventLog(update['metadata'])
  const sequence = sequenceOf(log, id)
  const item =
    statusUpdate === undefined ? artifactEvent(update, sequence) : statusEvent(update, log, sequence)
  const rest = item.kind === 'state' ? restOf(item.state) : undefined
  return { sequence, item, isSnapshot: false, isGap: false, rest }
}

function snapshotPiece(wire: Members, id: string): Piece<TaskUpdate> {
  const log = eventLog(wire['metadata'])
  const isGap = log['gap'] === true
  const task = { ...taskOf(wire), last_sequence: sequenceOf(log, id) }
  const item: SnapshotUpdate = { kind: 'snapshot', sequence: task.last_sequence, gap: isGap, task }
  return { sequence: item.sequence, item, isSnapshot: true, isGap, rest: restOf(task.status.state) }
}

function restOf(state: string): Piece<TaskUpdate>['rest'] {
  if (hasEnded(state)) return 'ended'
  return isWaiting(state) ? 'waiting' : undefined
}

function sequenceOf(log: Members, id: string): number {
  const sequence = typeof log['sequence'] === 'number' ? log['sequence'] : Number(id || Number.NaN)
  if (Number.isSafeInteger(sequence) && sequence >= 0) return sequence
  throw strange('an event without its number')
}

/** Throws where it is no task. */
export function taskOf(wire: Members): TaskSnapshot {
  const { id, contextId, history, artifacts, metadata } = wire
  if (typeof id !== 'string' || id === '') throw strange('a task without an id')
  const { sequence } = eventLog(metadata)
  const { skill, label } = membersOf(metadata)
  return {
    task_id: id,
    context_id: textOf(contextId),
    status: statusOf(membersOf(wire['status'])),
    last_sequence: typeof sequence === 'number' ? sequence : 0,
    ...(typeof skill === 'string' ? { workflow: skill } : {}),
    ...(typeof label === 'string' ? { label } : {}),
    ...(Array.isArray(history) ? { history: history.map(one => messageOf(membersOf(one))) } : {}),
    ...(Array.isArray(artifacts) ? { artifacts: artifacts.map(one => artifactOf(membersOf(one))) } : {}),
  }
}

function statusOf({ state, message, timestamp }: Members): TaskStatus {
  const said = messageOf(membersOf(message))
  const say = said.parts.map(({ text = '' }) => text).join('')
  const { reason, facts } = eventLog(said.metadata)
  return {
    state: stateOf(state),
    at: textOf(timestamp),
    ...(say === '' ? {} : { say }),
    ...(typeof reason === 'string' ? { reason } : {}),
    ...factsOf(facts),
  }
}

function statusEvent(update: Members, log: Members, sequence: number): TaskEvent {
  const status = statusOf(membersOf(update['status']))
  const { event, step, facts } = log
  const { at, say } = status
  const told = membersOf(facts)
  // A workflow may call its own events so too: those have words.
  if (say === undefined && event === 'step')
    return { kind: 'step', sequence, at, step: textOf(step), attempt: Number(told['attempt'] ?? 1) }
  if (say === undefined && event === 'message')
    return { kind: 'message', sequence, at, message_id: textOf(told['messageId']) }
  if (typeof event === 'string')
    return { kind: 'progress', sequence, at, event, step: textOf(step), say: say ?? '', ...factsOf(facts) }
  return { kind: 'state', sequence, ...status }
}

/** A2A does not tell when it came: `at` is ''. */
function artifactEvent(update: Members, sequence: number): TaskEvent {
  const { artifact, append, lastChunk } = update
  return {
    kind: 'artifact',
    sequence,
    at: '',
    ...artifactOf(membersOf(artifact)),
    append: append === true,
    last: lastChunk === true,
  }
}

function artifactOf({ artifactId, name, description, parts, metadata }: Members): TaskArtifact {
  return {
    artifact_id: textOf(artifactId),
    name: textOf(name),
    ...(typeof description === 'string' && description !== '' ? { description } : {}),
    parts: partsOf(parts),
    ...metadataOf(metadata),
  }
}

function messageOf({ messageId, role, parts, metadata, timestamp }: Members): TaskMessage {
  return {
    message_id: textOf(messageId),
    role: role === 'ROLE_AGENT' ? 'agent' : 'user',
    parts: partsOf(parts),
    ...metadataOf(metadata),
    at: textOf(timestamp),
  }
}

function partsOf(parts: unknown): TaskPart[] {
  const list: unknown[] = Array.isArray(parts) ? parts : []
  return list.map(membersOf).map(({ text, data, mediaType, filename }) => ({
    ...(typeof text === 'string' ? { text } : {}),
    ...(data === undefined ? {} : { data: data as Json }),
    ...(typeof mediaType === 'string' && mediaType !== '' ? { media_type: mediaType } : {}),
    ...(typeof filename === 'string' && filename !== '' ? { filename } : {}),
  }))
}

function metadataOf(metadata: unknown): { metadata?: Record<string, Json> } {
  const members = membersOf(metadata) as Record<string, Json>
  return Object.keys(members).length === 0 ? {} : { metadata: members }
}

function factsOf(facts: unknown): { facts?: Record<string, Json> } {
  return facts === undefined ? {} : { facts: membersOf(facts) as Record<string, Json> }
}

function stateOf(state: unknown): TaskState {
  const name = textOf(state).replace(STATE_PREFIX, '').toLowerCase()
  if (hasEnded(name) || isWaiting(name) || name === 'submitted' || name === 'working')
    return name as TaskState
  throw strange(`the state ${JSON.stringify(state)}`)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function strange(what: string): GatehouseError {
  return new GatehouseError('internal', `The server sent ${what}.`, { reason: 'not_a2a' })
}
