// A message of A2A as send_message takes it. Files are refused, not fetched: a URL in a message would make this server
// ask whatever its sender likes.
import type { TaskPart } from '../../../features/agents/tasks/task-shape.ts'
import { fault } from '../../../platform/faults.ts'
import { lookedFor, type A2aCaller } from '../a2a-caller.ts'
import type { WireMessage, WirePart } from './read-params.ts'

/**
 * The input of send_message. A message without a task may name a skill and a label in its metadata; those of a task are
 * settled.
 */
export function messageToOperation(message: WireMessage, caller: A2aCaller): Record<string, unknown> {
  const { messageId, contextId, taskId, parts, metadata, referenceTaskIds = [] } = message
  const isFollowUp = isGiven(taskId)
  return {
    message: {
      message_id: messageId,
      parts: parts.map(partToOperation),
      ...(isGiven(contextId) ? { context_id: lookedFor(contextId, caller) } : {}),
      ...(isFollowUp ? { task_id: lookedFor(taskId, caller) } : {}),
      ...(metadata === undefined ? {} : { metadata }),
      ...(referenceTaskIds.length === 0
        ? {}
        : { reference_task_ids: referenceTaskIds.map(id => lookedFor(id, caller)) }),
    },
    ...(isFollowUp ? {} : { ...named(metadata, 'skill', 'workflow'), ...named(metadata, 'label', 'label') }),
    ...(caller.idempotencyKey === undefined ? {} : { idempotency_key: caller.idempotencyKey }),
  }
}

function partToOperation({ text, data, raw, url, mediaType, filename }: WirePart, index: number): TaskPart {
  if (raw !== undefined || url !== undefined) {
    throw fault('unsupported', {
      reason: 'content_type',
      say: `message.parts.${index} is a file: send text or data; files are neither read nor fetched.`,
    })
  }
  return {
    ...(text === undefined ? {} : { text }),
    ...(data === undefined ? {} : { data }),
    ...(isGiven(mediaType) ? { media_type: mediaType } : {}),
    ...(isGiven(filename) ? { filename } : {}),
  }
}

function named(metadata: WireMessage['metadata'], from: string, to: string): Record<string, string> {
  const value = metadata?.[from]
  if (value === undefined) return {}
  if (typeof value === 'string' && value !== '') return { [to]: value }
  const issue = { field: `message.metadata.${from}`, message: 'must be a text' }
  throw fault('invalid_input', {
    reason: 'invalid_params',
    say: `${issue.field} ${issue.message}.`,
    issues: [issue],
  })
}

/** ProtoJSON has no difference between a text that is empty and one that is absent. */
function isGiven(value: string | undefined): value is string {
  return value !== undefined && value !== ''
}
