// Every way to ask for a task, on every wire to the agent (JSON-RPC 1.0 and 0.3, HTTP+JSON, the article's interface), and
// answers that can be compared byte by byte.
import { randomUUID } from 'node:crypto'
import { saying } from '../harness/a2a-wire.ts'

export interface Answer {
  readonly status: number
  readonly text: string
  readonly headers: Headers
}

export interface Asking<User extends string = string> {
  readonly as?: User | undefined
  /** Instead of the user's. */
  readonly token?: string
  readonly headers?: Record<string, string>
  readonly signal?: AbortSignal
}

export interface Wires<User extends string> {
  /** `target` is a method of HTTP and a path. */
  open(target: string, body: unknown, asking?: Asking<User>): Promise<Response>
  ask(target: string, body?: unknown, asking?: Asking<User>): Promise<Answer>
  /** JSON-RPC; names with a slash are of 0.3. */
  rpc(method: string, params: unknown, asking?: Asking<User>): Promise<Answer>
  /** All that take a task's id. */
  ways(id: string, asking: Asking<User>): Record<string, () => Promise<Answer>>
  /** A stream of each wire, as it begins. */
  streams(id: string, asking: Asking<User>): Record<string, () => Promise<Response>>
}

/** `usual` asks where nobody is named. */
export function wiresTo<User extends string>(
  url: () => string,
  tokens: Readonly<Record<User, string>>,
  usual: NoInfer<User>,
): Wires<User> {
  const open: Wires<User>['open'] = (target, body, { as = usual, token = tokens[as], ...asking } = {}) => {
    const { headers, signal } = asking
    const [method = '', path = ''] = target.split(' ', 2)
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    return fetch(url() + path, {
      method,
      headers: { authorization: `Bearer ${token}`, ...type, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
  }
  const ask: Wires<User>['ask'] = async (target, body, asking) => {
    const response = await open(target, body, asking)
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
  const rpc: Wires<User>['rpc'] = (method, params, { headers, ...asking } = {}) =>
    ask('POST /a2a', envelope(method, params), { ...asking, headers: { ...versionOf(method), ...headers } })
  return {
    open,
    ask,
    rpc,
    ways: (id, asking) => ({
      ...rpcWays(id, (method, params) => rpc(method, params, asking)),
      ...pathWays(id, (target, body) => ask(target, body, asking)),
    }),
    streams(id, asking) {
      const over = (method: string) => () =>
        open('POST /a2a', envelope(method, { id }), { ...asking, headers: versionOf(method) })
      return {
        'JSON-RPC 1.0': over('SubscribeToTask'),
        'JSON-RPC 0.3': over('tasks/resubscribe'),
        REST: () => open(`GET /a2a/rest/tasks/${id}:subscribe`, undefined, asking),
        facade: () => open(`GET /tasks/${id}/events`, undefined, asking),
      }
    },
  }
}

/** What an answer says, without what is of this one request. */
export function said({ status, text, headers }: Answer, id: string): unknown[] {
  return [
    status,
    text.replaceAll(/("request_?[iI]d":)"[^"]+"/g, '$1…').replaceAll(id, 'ID'),
    [...headers].filter(([name]) => !/^(date|x-request-id|x-ratelimit|ratelimit|server-timing)/.test(name)),
  ]
}

function rpcWays(id: string, rpc: (method: string, params: object) => Promise<Answer>) {
  const config = { taskId: id, id: randomUUID(), url: 'https://sink.example' }
  const legacy = {
    kind: 'message',
    messageId: randomUUID(),
    role: 'user',
    parts: [{ kind: 'text', text: 'hi' }],
    taskId: id,
  }
  const asked: [string, object][] = [
    ...['GetTask', 'CancelTask', 'SubscribeToTask', 'tasks/get', 'tasks/cancel', 'tasks/resubscribe'].map(
      (method): [string, object] => [method, { id }],
    ),
    ['SendMessage', { message: saying('x', { taskId: id }) }],
    ['SendMessage', { message: saying('x', { referenceTaskIds: [id] }) }],
    ['SendStreamingMessage', { message: saying('x', { taskId: id }) }],
    ['message/send', { message: legacy }],
    ['message/stream', { message: legacy }],
    ['CreateTaskPushNotificationConfig', config],
    ['GetTaskPushNotificationConfig', config],
    ['ListTaskPushNotificationConfigs', config],
    ['DeleteTaskPushNotificationConfig', config],
    ['tasks/pushNotificationConfig/set', { id, pushNotificationConfig: config }],
    ['tasks/pushNotificationConfig/get', { id }],
    ['tasks/pushNotificationConfig/list', { id }],
    ['tasks/pushNotificationConfig/delete', { id, pushNotificationConfigId: config.id }],
  ]
  return Object.fromEntries(
    asked.map(([method, params], n) => [`${n}: ${method}`, () => rpc(method, params)] as const),
  )
}

function pathWays(id: string, ask: (target: string, body?: unknown) => Promise<Answer>) {
  const message = saying('x', { taskId: id })
  const pushed = `/a2a/rest/tasks/${id}/pushNotificationConfigs`
  const asked: [string, unknown?][] = [
    [`GET /a2a/rest/tasks/${id}?historyLength=1`],
    [`POST /a2a/rest/tasks/${id}:cancel`],
    [`GET /a2a/rest/tasks/${id}:subscribe`],
    [`POST /a2a/rest/tasks/${id}:subscribe`],
    ['POST /a2a/rest/message:send', { message }],
    ['POST /a2a/rest/message:stream', { message }],
    [`POST ${pushed}`, { url: 'https://sink.example' }],
    [`GET ${pushed}`],
    [`GET ${pushed}/x`],
    [`DELETE ${pushed}/x`],
    [`GET /tasks/${id}`],
    [`DELETE /tasks/${id}`],
    [`POST /tasks/${id}/cancel`],
    [`GET /tasks/${id}/events`],
    [`GET /tasks/${id}/artifacts/page`],
  ]
  return Object.fromEntries(
    asked.map(([target, body]) => [target.replace(id, 'ID'), () => ask(target, body)] as const),
  )
}

function envelope(method: string, params: unknown): object {
  return { jsonrpc: '2.0', id: 1, method, params }
}

function versionOf(method: string): Record<string, string> {
  return { 'a2a-version': method.includes('/') ? '0.3' : '1.0' }
}
