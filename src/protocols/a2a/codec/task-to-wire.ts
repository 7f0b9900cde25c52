// Our task as A2A's: what stays and what an event brings look the same, since a client puts events into its task.
import {
  Role,
  TaskState,
  type Artifact,
  type Message,
  type Part,
  type Task,
  type TaskStatus,
} from '@a2a-js/sdk'
import type {
  Task as OurTask,
  TaskArtifact,
  TaskMessage,
  TaskPart,
  TaskStatus as OurStatus,
} from '../../../features/agents/tasks/task-shape.ts'
import type { TaskState as OurState } from '../../../features/agents/tasks/task-states.ts'

/** Whose status it is; `messageId` is the same on every replica. */
export interface Spoken {
  readonly taskId: string
  readonly contextId: string
  readonly messageId: string
  /** Of the event log extension: what programs need to know lies under it. */
  readonly uri: string
}

export const WIRE_STATE = {
  submitted: TaskState.TASK_STATE_SUBMITTED,
  working: TaskState.TASK_STATE_WORKING,
  input_required: TaskState.TASK_STATE_INPUT_REQUIRED,
  auth_required: TaskState.TASK_STATE_AUTH_REQUIRED,
  completed: TaskState.TASK_STATE_COMPLETED,
  failed: TaskState.TASK_STATE_FAILED,
  canceled: TaskState.TASK_STATE_CANCELED,
  rejected: TaskState.TASK_STATE_REJECTED,
} as const satisfies Record<OurState, TaskState>

export interface TaskView {
  /** At most so many of the newest messages; undefined: all that are there. */
  readonly historyLength?: number | undefined
  /** Beside what a task always tells: the place in the log, and whether something before it is missing. */
  readonly log?: Readonly<Record<string, unknown>> | undefined
  readonly uri: string
}

export function taskToWire(task: OurTask, { historyLength, log, uri }: TaskView): Task {
  const { task_id: id, context_id: contextId, status, history = [], artifacts = [] } = task
  const shown =
    historyLength === undefined ? history : historyLength === 0 ? [] : history.slice(-historyLength)
  return {
    id,
    contextId,
    // Snapshots do not say which event set their status; its time does, and is the same wherever it is read.
    status: statusToWire(status, { taskId: id, contextId, messageId: `${id}-${Date.parse(status.at)}`, uri }),
    artifacts: artifacts.map(artifact => artifactToWire(artifact)),
    history: shown.map(message => messageToWire(message, { taskId: id, contextId })),
    metadata: {
      skill: task.workflow,
      ...(task.label === undefined ? {} : { label: task.label }),
      ...(log === undefined ? {} : { [uri]: log }),
    },
  }
}

export function statusToWire({ state, at, say, reason, facts }: OurStatus, spoken: Spoken): TaskStatus {
  const told = {
    ...(reason === undefined ? {} : { reason }),
    ...(facts === undefined ? {} : { facts }),
  }
  const text = say ?? reason
  return {
    state: WIRE_STATE[state],
    timestamp: at,
    message: text === undefined ? undefined : agentMessage(text, spoken, told),
  }
}

export function agentMessage(
  text: string,
  { taskId, contextId, messageId, uri }: Spoken,
  told: Readonly<Record<string, unknown>> = {},
): Message {
  return {
    messageId,
    contextId,
    taskId,
    role: Role.ROLE_AGENT,
    parts: [partToWire({ text, media_type: 'text/plain' })],
    metadata: Object.keys(told).length === 0 ? undefined : { [uri]: told },
    extensions: [],
    referenceTaskIds: [],
  }
}

export function artifactToWire(artifact: TaskArtifact): Artifact {
  return {
    artifactId: artifact.artifact_id,
    name: artifact.name,
    description: artifact.description ?? '',
    parts: artifact.parts.map(partToWire),
    metadata: artifact.metadata,
    extensions: [],
  }
}

function messageToWire(
  { message_id, role, parts, metadata }: TaskMessage,
  { taskId, contextId }: Pick<Spoken, 'taskId' | 'contextId'>,
): Message {
  return {
    messageId: message_id,
    contextId,
    taskId,
    role: role === 'user' ? Role.ROLE_USER : Role.ROLE_AGENT,
    parts: parts.map(partToWire),
    metadata,
    extensions: [],
    referenceTaskIds: [],
  }
}

function partToWire({ text, data, media_type, filename }: TaskPart): Part {
  return {
    content: text === undefined ? { $case: 'data', value: data } : { $case: 'text', value: text },
    mediaType: media_type ?? (text === undefined ? 'application/json' : 'text/plain'),
    filename: filename ?? '',
    metadata: undefined,
  }
}
