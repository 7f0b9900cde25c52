// JSON-RPC of A2A 0.3: the same methods, translated by the SDK. Clients of both versions see the same task.
import { LegacyJsonRpcTransportHandler } from '@a2a-js/sdk/compat/v0_3/server'
import type { FastifyReply } from 'fastify'
import { asFault } from '../../../platform/faults.ts'
import type { Logger } from '../../../platform/telemetry/logger.ts'
import type { A2aMethod, A2aMethods } from '../a2a-methods.ts'
import { admitMethod, callerOf, type RequestDeps } from '../a2a-request.ts'
import { readLegacyParams } from '../codec/read-legacy-params.ts'
import type { AgentCards } from '../card/agent-cards.ts'
import type { Numbered } from '../methods/method.ts'
import { refusePushNotifications } from '../methods/push-notification-configs.ts'
import { sendUpdates } from '../stream/send-updates.ts'
import { legacyContext, legacyHandler, type LegacyNotes } from './legacy-handler.ts'
import { rpcFailure, sendResult, unknownMethod } from './rpc-answers.ts'
import { requireObject, type RpcRequest } from './rpc-envelope.ts'

/** Throws a Fault for whatever is refused before an answer begins. */
export type AnswerLegacy = (reply: FastifyReply, envelope: RpcRequest) => Promise<FastifyReply>

/** The names of 0.3 for methods of 1.0. */
const METHODS = new Map([
  ['message/send', 'SendMessage'],
  ['message/stream', 'SendStreamingMessage'],
  ['tasks/get', 'GetTask'],
  ['tasks/cancel', 'CancelTask'],
  ['tasks/resubscribe', 'SubscribeToTask'],
  ['agent/getAuthenticatedExtendedCard', 'GetExtendedAgentCard'],
  ['tasks/pushNotificationConfig/set', 'CreateTaskPushNotificationConfig'],
  ['tasks/pushNotificationConfig/get', 'GetTaskPushNotificationConfig'],
  ['tasks/pushNotificationConfig/list', 'ListTaskPushNotificationConfigs'],
  ['tasks/pushNotificationConfig/delete', 'DeleteTaskPushNotificationConfig'],
])

const PUSH = 'tasks/pushNotificationConfig/'

export interface LegacyDeps extends RequestDeps {
  readonly methods: A2aMethods
  readonly cards: AgentCards
  readonly log: Logger
}

export function legacyAnswers({ methods, cards, log, ...request }: LegacyDeps): AnswerLegacy {
  const transport = new LegacyJsonRpcTransportHandler(legacyHandler(methods, cards))
  return async function answerLegacy(reply, { id, method: name, params }) {
    const method = methods.named.get(METHODS.get(name) ?? '')
    if (method === undefined) throw unknownMethod(name)
    const caller = callerOf(reply.request, params, request.uri)
    await admitMethod(reply, { method, caller, version: '0.3' }, request)
    // Before the translation, which stumbles over what it does not expect.
    if (name.startsWith(PUSH)) return refusePushNotifications()
    const { context, notes } = legacyContext(caller)
    const answer = await transport.handle(
      { jsonrpc: '2.0', id, method: name, params: checked(method, name, params) },
      context,
    )
    if (Symbol.asyncIterator in answer) {
      return sendUpdates(reply, numbered(answer, notes), {
        failure: rpcFailure(reply, id),
        log,
        data: ({ envelope }) => envelope,
      })
    }
    if (answer.error !== undefined) throw asFault(notes.thrown ?? new Error(answer.error.message))
    return sendResult(reply, id, answer.result)
  }
}

/** Methods that ask no operation need no parameters. */
function checked({ operation }: A2aMethod, name: string, params: unknown): Record<string, unknown> {
  if (operation !== undefined) return readLegacyParams(name, requireObject(params))
  return params === undefined ? {} : requireObject(params)
}

interface LegacyEvent extends Numbered {
  readonly envelope: unknown
}

/** 0.3 says of a status that nothing follows it; the SDK does so for tasks that have ended, not for those that wait. */
async function* numbered(
  envelopes: AsyncGenerator<Envelope>,
  notes: LegacyNotes,
): AsyncGenerator<LegacyEvent> {
  for await (const envelope of envelopes) {
    const { sequence, isLast } = notes.event ?? { sequence: 0, isLast: false }
    const { result } = envelope
    const isStatus = typeof result === 'object' && result !== null && 'final' in result
    yield {
      sequence,
      isLast,
      envelope: isStatus ? { ...envelope, result: { ...result, final: isLast } } : envelope,
    }
  }
}

interface Envelope {
  readonly result?: unknown
}
