// The methods of A2A 1.0, each in its own file; this only lists them with what the bindings need to know: what they ask
// the gate for, whether a tier counts them, and how their answer is written.
import { AgentCard, Task } from '@a2a-js/sdk'
import type { A2aCaller } from './a2a-caller.ts'
import { cancelTask } from './methods/cancel-task.ts'
import type { AgentCards } from './card/agent-cards.ts'
import { getExtendedAgentCard } from './methods/get-extended-agent-card.ts'
import { getTask } from './methods/get-task.ts'
import { listTasks, type TaskPage } from './methods/list-tasks.ts'
import type { MethodDeps, NumberedResponse } from './methods/method.ts'
import { refusePushNotifications } from './methods/push-notification-configs.ts'
import { sendMessage } from './methods/send-message.ts'
import { sendStreamingMessage } from './methods/send-streaming-message.ts'
import { subscribeToTask } from './methods/subscribe-to-task.ts'

interface AnyMethod {
  /** Undefined: it asks no operation. */
  readonly operation?: string
  /** It begins a task or changes one, and is among the requests a minute of a tier. */
  readonly isCounted: boolean
}

export interface AnsweringMethod extends AnyMethod {
  readonly kind: 'answer'
  /** The result in ProtoJSON. Throws a Fault. */
  answer(params: unknown, caller: A2aCaller): Promise<unknown>
}

export interface StreamingMethod extends AnyMethod {
  readonly kind: 'stream'
  stream(params: unknown, caller: A2aCaller): AsyncGenerator<NumberedResponse>
}

export type A2aMethod = AnsweringMethod | StreamingMethod

export type A2aMethods = ReturnType<typeof a2aMethods>

export function a2aMethods(deps: MethodDeps, cards: AgentCards) {
  const calls = {
    sendMessage: sendMessage(deps),
    sendStreamingMessage: sendStreamingMessage(deps),
    getTask: getTask(deps),
    listTasks: listTasks(deps),
    cancelTask: cancelTask(deps),
    subscribeToTask: subscribeToTask(deps),
    getExtendedAgentCard: getExtendedAgentCard(cards),
  }
  const begins = { operation: 'send_message', isCounted: true }
  const named = new Map<string, A2aMethod>([
    ['SendMessage', answering(calls.sendMessage, task => ({ task: Task.toJSON(task) }), begins)],
    ['SendStreamingMessage', { kind: 'stream', stream: calls.sendStreamingMessage, ...begins }],
    ['GetTask', answering(calls.getTask, Task.toJSON, reads('get_task'))],
    ['ListTasks', answering(calls.listTasks, pageToWire, reads('list_tasks'))],
    ['CancelTask', answering(calls.cancelTask, Task.toJSON, { operation: 'cancel_task', isCounted: true })],
    ['SubscribeToTask', { kind: 'stream', stream: calls.subscribeToTask, ...reads('follow_task') }],
    ['GetExtendedAgentCard', answering(calls.getExtendedAgentCard, AgentCard.toJSON, { isCounted: false })],
    ...PUSH_METHODS.map((name): [string, A2aMethod] => [
      name,
      { kind: 'answer', answer: refusePushNotifications, isCounted: false },
    ]),
  ])
  return { calls, named }
}

const PUSH_METHODS = [
  'CreateTaskPushNotificationConfig',
  'GetTaskPushNotificationConfig',
  'ListTaskPushNotificationConfigs',
  'DeleteTaskPushNotificationConfig',
]

function reads(operation: string) {
  return { operation, isCounted: false }
}

function answering<T>(
  call: (params: unknown, caller: A2aCaller) => Promise<T>,
  write: (result: T) => unknown,
  about: AnyMethod,
): AnsweringMethod {
  return { kind: 'answer', answer: async (params, caller) => write(await call(params, caller)), ...about }
}

/** The codec leaves out what is empty; of a list, clients are promised these members (A2A 1.0, 3.1.4). */
function pageToWire({ tasks, hasArtifacts, ...page }: TaskPage): unknown {
  const written = tasks.map(task => {
    const json = Task.toJSON(task) as Record<string, unknown>
    return hasArtifacts && json['artifacts'] === undefined ? { ...json, artifacts: [] } : json
  })
  return { tasks: written, ...page }
}
