// The URLs of HTTP+JSON (A2A 1.0, 11): which method each is, and where its parameters stand. The colon of a verb is no
// route parameter, so a task's URL is taken apart here.
import type { FastifyRequest } from 'fastify'
import { fault, type Fault } from '../../../platform/faults.ts'

export interface RestCall {
  readonly method: string
  readonly params: Record<string, unknown>
}

export interface RestRoute {
  readonly verb: 'GET' | 'POST' | 'DELETE'
  /** Below /a2a/rest and below /a2a/rest/{tenant}. */
  readonly path: string
  /** Throws a Fault where the URL names nothing. */
  readonly read: (request: FastifyRequest) => RestCall
}

export const REST_ROUTES: readonly RestRoute[] = [
  {
    verb: 'POST',
    path: '/message::send',
    read: ({ body }) => ({ method: 'SendMessage', params: objectOf(body) }),
  },
  {
    verb: 'POST',
    path: '/message::stream',
    read: ({ body }) => ({ method: 'SendStreamingMessage', params: objectOf(body) }),
  },
  { verb: 'GET', path: '/tasks', read: ({ query }) => ({ method: 'ListTasks', params: listParams(query) }) },
  { verb: 'GET', path: '/tasks/:target', read: getTarget },
  { verb: 'POST', path: '/tasks/:target', read: postTarget },
  { verb: 'GET', path: '/extendedAgentCard', read: () => ({ method: 'GetExtendedAgentCard', params: {} }) },
  ...push('POST', '/tasks/:target/pushNotificationConfigs', 'CreateTaskPushNotificationConfig'),
  ...push('GET', '/tasks/:target/pushNotificationConfigs', 'ListTaskPushNotificationConfigs'),
  ...push('GET', '/tasks/:target/pushNotificationConfigs/:config', 'GetTaskPushNotificationConfig'),
  ...push('DELETE', '/tasks/:target/pushNotificationConfigs/:config', 'DeleteTaskPushNotificationConfig'),
]

/** `1.0` has subscribe as POST in its text and as GET in its .proto; both are served (A2A #1574). */
function getTarget(request: FastifyRequest): RestCall {
  const { id, verb } = targetOf(request)
  if (verb === 'subscribe') return { method: 'SubscribeToTask', params: { id } }
  if (verb !== undefined) throw noSuchUrl()
  const { historyLength } = queryOf(request.query)
  return { method: 'GetTask', params: { id, ...whole('historyLength', historyLength) } }
}

function postTarget(request: FastifyRequest): RestCall {
  const { id, verb } = targetOf(request)
  const params = { ...(request.body === undefined ? {} : objectOf(request.body)), id }
  if (verb === 'cancel') return { method: 'CancelTask', params }
  if (verb === 'subscribe') return { method: 'SubscribeToTask', params }
  throw noSuchUrl()
}

function push(verb: RestRoute['verb'], path: string, method: string): RestRoute[] {
  return [{ verb, path, read: () => ({ method, params: {} }) }]
}

function targetOf({ params }: FastifyRequest): { id: string; verb: string | undefined } {
  const { target } = params as { target: string }
  const [id = '', verb] = target.split(':', 2)
  return { id, verb }
}

function listParams(query: unknown): Record<string, unknown> {
  const { pageSize, historyLength, includeArtifacts, ...rest } = queryOf(query)
  return {
    ...rest,
    ...whole('pageSize', pageSize),
    ...whole('historyLength', historyLength),
    ...(includeArtifacts === undefined
      ? {}
      : { includeArtifacts: BOOLEANS.get(includeArtifacts) ?? includeArtifacts }),
  }
}

const BOOLEANS = new Map<unknown, boolean>([
  ['true', true],
  ['false', false],
])

/** In a query everything is a text; one that is no whole number is left to be refused by name. */
function whole(name: string, value: unknown): Record<string, unknown> {
  if (value === undefined) return {}
  return { [name]: typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value }
}

/** The version is a parameter too, and no method's. */
function queryOf(query: unknown): Record<string, unknown> {
  return { ...(query as Record<string, unknown>) }
}

function objectOf(body: unknown): Record<string, unknown> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body))
    return body as Record<string, unknown>
  throw fault('invalid_input', { reason: 'invalid_params', say: 'The body must be a JSON object.' })
}

function noSuchUrl(): Fault {
  return fault('not_found', { say: 'There is nothing at this path.' })
}
