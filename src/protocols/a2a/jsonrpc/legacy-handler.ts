// The methods as the SDK's translation of A2A 0.3 wants them. What it does not carry (numbers of events, our faults) goes
// past it in the state of the call's context.
import {
  CancelTaskRequest,
  GetTaskRequest,
  SendMessageRequest,
  SubscribeToTaskRequest,
  type StreamResponse,
} from '@a2a-js/sdk'
import { ServerCallContext, type A2ARequestHandler } from '@a2a-js/sdk/server'
import type { A2aCaller } from '../a2a-caller.ts'
import type { A2aMethods } from '../a2a-methods.ts'
import type { AgentCards } from '../card/agent-cards.ts'
import type { Numbered, NumberedResponse } from '../methods/method.ts'
import { refusePushNotifications } from '../methods/push-notification-configs.ts'

export interface LegacyNotes {
  readonly caller: A2aCaller
  /** What a method threw: of the SDK's words for it none are sent. */
  thrown?: unknown
  /** Of the event that was given last. */
  event?: Numbered
}

/** A context whose principal is ours; the SDK's own user and tenant stay empty. */
export function legacyContext(caller: A2aCaller): { context: ServerCallContext; notes: LegacyNotes } {
  const notes: LegacyNotes = { caller }
  return {
    context: new ServerCallContext({ requestedVersion: '0.3', state: new Map([[NOTES, notes]]) }),
    notes,
  }
}

export function legacyHandler({ calls }: A2aMethods, cards: AgentCards): A2ARequestHandler {
  return {
    getAgentCard: async () => cards.card(),
    getAuthenticatedExtendedAgentCard: (_params, context) =>
      // Without its signatures: they are over the shape of 1.0.
      noting(context, async caller => ({
        ...(await calls.getExtendedAgentCard({}, caller)),
        signatures: [],
      })),
    sendMessage: (params, context) =>
      noting(context, caller => calls.sendMessage(SendMessageRequest.toJSON(params), caller)),
    getTask: (params, context) =>
      noting(context, caller => calls.getTask(GetTaskRequest.toJSON(params), caller)),
    cancelTask: (params, context) =>
      noting(context, caller => calls.cancelTask(CancelTaskRequest.toJSON(params), caller)),
    sendMessageStream: (params, context) =>
      numbering(context, caller => calls.sendStreamingMessage(SendMessageRequest.toJSON(params), caller)),
    resubscribe: (params, context) =>
      numbering(context, caller => calls.subscribeToTask(SubscribeToTaskRequest.toJSON(params), caller)),
    // 0.3 has no lists, and push notifications are refused before this is asked.
    listTasks: async () => ({ tasks: [], nextPageToken: '', pageSize: 0, totalSize: 0 }),
    createTaskPushNotificationConfig: refusePushNotifications,
    getTaskPushNotificationConfig: refusePushNotifications,
    listTaskPushNotificationConfigs: refusePushNotifications,
    deleteTaskPushNotificationConfig: refusePushNotifications,
  }
}

const NOTES = 'gatehouse'

async function noting<T>(context: ServerCallContext, call: (caller: A2aCaller) => Promise<T>): Promise<T> {
  const notes = notesOf(context)
  try {
    return await call(notes.caller)
  } catch (error) {
    notes.thrown = error
    throw error
  }
}

async function* numbering(
  context: ServerCallContext,
  open: (caller: A2aCaller) => AsyncGenerator<NumberedResponse>,
): AsyncGenerator<StreamResponse, void, undefined> {
  const notes = notesOf(context)
  for await (const event of open(notes.caller)) {
    notes.event = event
    yield event.response
  }
}

function notesOf(context: ServerCallContext): LegacyNotes {
  return context.state.get(NOTES) as LegacyNotes
}
