// What A2A 1.0 refuses, over both bindings, and in which words: wrong messages, tasks that are not the caller's or have
// ended, callers who may not ask. Over tasks in memory.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fault } from '../../src/platform/faults.ts'
import { startA2aServer, TENANT_A, TENANT_B, type A2aServer } from '../harness/a2a-server.ts'
import { rest, rpc, saying, type WireBody, type WireError } from '../harness/a2a-wire.ts'

let server: A2aServer
beforeAll(async () => {
  server = await startA2aServer()
})
afterAll(() => server.stop(0))

const NOBODYS = '018f3e2a-0000-7000-8000-0000000000ff'
const now = { returnImmediately: true }

/** Begins a task and answers its id. */
async function begin(token = 'ada'): Promise<string> {
  const { body } = await rpc(
    server.url,
    'SendMessage',
    { message: saying('hi'), configuration: now },
    { token },
  )
  return String(body.result?.task?.id)
}

const reasonOf = ({ data, details }: WireError = { code: 0, message: '' }) =>
  (data ?? details)?.find(detail => String(detail['@type']).endsWith('ErrorInfo'))?.['reason']
const fieldsOf = ({ error }: WireBody) =>
  (
    (error?.data ?? error?.details)?.find(detail => String(detail['@type']).endsWith('BadRequest'))?.[
      'fieldViolations'
    ] as { field: string }[] | undefined
  )?.map(({ field }) => field)

describe('messages that are refused by the name of what is wrong', () => {
  const message = (more: object) => ({ ...saying('hi'), ...more })
  test.each<[string, object, string]>([
    ['no parts', { parts: [] }, 'message.parts'],
    ['parts that are no list', { parts: 'hi' }, 'message.parts'],
    ['65 parts', { parts: Array.from({ length: 65 }, () => ({ text: 'x' })) }, 'message.parts'],
    ['an empty part', { parts: [{}] }, 'message.parts.0'],
    ['two contents', { parts: [{ text: 'a', data: {} }] }, 'message.parts.0'],
    ['a text that is none', { parts: [{ text: { a: 1 } }] }, 'message.parts.0.text'],
    ['a text too long', { parts: [{ text: 'x'.repeat(200_001) }] }, 'message.parts.0.text'],
    ['no id', { messageId: '' }, 'message.messageId'],
    ['an id too long', { messageId: 'x'.repeat(201) }, 'message.messageId'],
    ['the agent as sender', { role: 'ROLE_AGENT' }, 'message.role'],
    ['no sender', { role: undefined }, 'message.role'],
    ['a skill that is no text', { metadata: { skill: 5 } }, 'message.metadata.skill'],
    ['a label too long', { metadata: { label: 'x'.repeat(300) } }, 'label'],
  ])('%s', async (_what, more, field) => {
    const before = server.sent.length
    const over = [
      await rpc(server.url, 'SendMessage', { message: message(more) }),
      await rest(server.url, 'POST /message:send', { message: message(more) }),
      await rpc(server.url, 'SendStreamingMessage', { message: message(more) }),
    ]
    expect(over.map(({ status }) => status)).toEqual([200, 400, 200])
    expect(over.map(({ body }) => body.error?.code)).toEqual([-32602, 400, -32602])
    for (const { body } of over) expect(fieldsOf(body)).toEqual([field])
    expect(server.sent).toHaveLength(before)
  })

  test('AA10 a part that is a file is refused, by URL or in bytes, and never reaches an operation', async () => {
    const before = server.sent.length
    for (const part of [
      { url: 'http://169.254.169.254/latest' },
      { raw: 'aGk=' },
      { url: 'file:///etc/passwd' },
    ]) {
      const over = [
        await rpc(server.url, 'SendMessage', { message: message({ parts: [{ text: 'see' }, part] }) }),
        await rest(server.url, 'POST /message:stream', { message: message({ parts: [part] }) }),
      ]
      expect(over.map(({ body }) => body.error?.code)).toEqual([-32005, 400])
      for (const { body } of over) expect(reasonOf(body.error)).toBe('CONTENT_TYPE_NOT_SUPPORTED')
    }
    expect(server.sent).toHaveLength(before)
  })

  test('output modes that cannot be given are refused, and those that can are not', async () => {
    const send = (acceptedOutputModes: string[]) =>
      rpc(server.url, 'SendMessage', {
        message: saying('hi'),
        configuration: { ...now, acceptedOutputModes },
      })
    expect((await send(['image/png', 'video/*'])).body.error?.code).toBe(-32005)
    for (const modes of [[], ['image/png', 'Text/Markdown; charset=utf-8'], ['*/*'], ['text']])
      expect((await send(modes)).body.result?.task).toBeDefined()
  })
})

describe('what tasks are refused', () => {
  test('AA04 an id that is nobody’s, somebody else’s or no id at all gets one answer, byte for byte, from every method', async () => {
    const foreign = await begin('bob')
    const answers = async (id: string) => {
      const over = [
        await rpc(server.url, 'GetTask', { id }),
        await rpc(server.url, 'CancelTask', { id }),
        await rpc(server.url, 'SubscribeToTask', { id }),
        await rpc(server.url, 'SendMessage', { message: saying('hi', { taskId: id }) }),
        await rpc(server.url, 'SendStreamingMessage', { message: saying('hi', { taskId: id }) }),
        await rest(server.url, `GET /tasks/${id}`),
        await rest(server.url, `POST /tasks/${id}:cancel`),
        await rest(server.url, `GET /tasks/${id}:subscribe`),
        await rest(server.url, `POST /tasks/${id}:subscribe`),
      ]
      return over.map(
        ({ status, body }) => `${status} ${JSON.stringify(body).replace(/"requestId":"[^"]+"/, '')}`,
      )
    }
    const [unknown, ...others] = await Promise.all([NOBODYS, foreign, 'x'].map(answers))
    for (const other of others) expect(other).toEqual(unknown)
    expect(unknown?.every(text => text.includes('TASK_NOT_FOUND'))).toBe(true)
    expect(unknown?.map(text => text.slice(0, 3))).toEqual([
      '200',
      '200',
      '200',
      '200',
      '200',
      '404',
      '404',
      '404',
      '404',
    ])
  })

  test('AA05 a message sent before with another content, and what else an operation refuses, in A2A’s words', async () => {
    const reused = fault('conflict', { reason: 'message_reused' })
    const table: [Error, number, number, string][] = [
      [reused, -32602, 400, 'MESSAGE_REUSED'],
      [fault('conflict', { reason: 'task_ended' }), -32004, 400, 'UNSUPPORTED_OPERATION'],
      [fault('invalid_input', { reason: 'unknown_context' }), -32602, 400, 'UNKNOWN_CONTEXT'],
      [fault('budget_exceeded', { facts: { left_nano: '0' } }), 402, 402, 'BUDGET_EXCEEDED'],
      [fault('unavailable', { retryAfterMs: 1_500 }), -32603, 503, 'UNAVAILABLE'],
      [new Error('select secret from hidden_table'), -32603, 500, 'INTERNAL'],
    ]
    for (const [problem, code, status, reason] of table) {
      server.failNext(problem)
      const over = await rpc(server.url, 'SendMessage', { message: saying('hi') })
      expect([over.body.error?.code, reasonOf(over.body.error)]).toEqual([code, reason])
      server.failNext(problem)
      const bare = await rest(server.url, 'POST /message:send', { message: saying('hi') })
      expect([bare.status, bare.body.error?.code, reasonOf(bare.body.error)]).toEqual([
        status,
        status,
        reason,
      ])
      expect(JSON.stringify([over.body, bare.body])).not.toContain('secret')
    }
    server.failNext(reused)
    const { body } = await rpc(server.url, 'SendMessage', { message: saying('hi') })
    expect(fieldsOf(body)).toEqual(['message.messageId'])
  })

  test('AA14 a task that has ended takes no message, no cancel and no subscriber: plain errors, no stream', async () => {
    const id = await begin()
    server.tell(id, { kind: 'state', state: 'working' }, { kind: 'state', state: 'completed' })
    for (const [method, params, code] of [
      ['SendStreamingMessage', { message: saying('more', { taskId: id }) }, -32004],
      ['SubscribeToTask', { id }, -32004],
      ['CancelTask', { id }, -32002],
    ] as const) {
      const { body, headers } = await rpc(server.url, method, params)
      expect(body.error?.code).toBe(code)
      expect(headers.get('content-type')).toContain('application/json')
    }
    expect((await rest(server.url, `POST /tasks/${id}:cancel`)).body.error?.status).toBe(
      'FAILED_PRECONDITION',
    )
  })

  test('AA15 a page size, a page token, a history length or a state out of range is refused by name', async () => {
    const table: [Record<string, unknown>, string][] = [
      [{ pageSize: 1e9 }, 'pageSize'],
      [{ pageSize: 0 }, 'pageSize'],
      [{ historyLength: -1 }, 'historyLength'],
      [{ status: 'TASK_STATE_TIRED' }, 'status'],
      [{ statusTimestampAfter: 'yesterday' }, 'statusTimestampAfter'],
      [{ pageToken: 'tampered' }, 'pageToken'],
    ]
    for (const [params, field] of table) {
      const { body } = await rpc(server.url, 'ListTasks', params)
      const query = Object.entries(params).map(([name, value]) => `${name}=${String(value)}`)
      const bare = await rest(server.url, `GET /tasks?${query.join('&')}`)
      expect([body.error?.code, bare.status]).toEqual([-32602, 400])
      expect([fieldsOf(body), fieldsOf(bare.body)]).toEqual([[field], [field]])
    }
    expect((await rest(server.url, `GET /tasks/${await begin()}?historyLength=-1`)).status).toBe(400)
  })

  test('push notifications are refused as not supported, by every method and with a message', async () => {
    const id = await begin()
    const path = `/tasks/${id}/pushNotificationConfigs`
    const over = [
      await rpc(server.url, 'CreateTaskPushNotificationConfig', { taskId: id, url: 'https://x.example' }),
      await rpc(server.url, 'SendMessage', {
        message: saying('x'),
        configuration: { taskPushNotificationConfig: {} },
      }),
      await rest(server.url, `POST ${path}`, { url: 'https://x.example' }),
      await rest(server.url, `GET ${path}`),
      await rest(server.url, `DELETE ${path}/1`),
    ]
    expect(over.map(({ body }) => body.error?.code)).toEqual([-32003, -32003, 400, 400, 400])
    for (const { body } of over) expect(reasonOf(body.error)).toBe('PUSH_NOTIFICATION_NOT_SUPPORTED')
  })
})

describe('who may ask', () => {
  test('without a valid token every method and URL answers 401 with a challenge, in A2A’s shape', async () => {
    const { status, headers, body } = await rpc(server.url, 'GetTask', {}, { token: 'expired' })
    expect([status, body.error?.code, reasonOf(body.error)]).toEqual([401, 401, 'EXPIRED'])
    expect(headers.get('www-authenticate')).toMatch(/^Bearer .*resource_metadata=.*error="invalid_token"/)
    const bare = await rest(server.url, 'GET /tasks', undefined, { token: '' })
    expect([bare.status, bare.body.error?.status]).toEqual([401, 'UNAUTHENTICATED'])
    expect(bare.headers.get('www-authenticate')).not.toContain('invalid_token')
  })

  test('without the scope every method answers 403 that names it', async () => {
    const asked = [
      [await rpc(server.url, 'SendMessage', { message: saying('x') }, { token: 'powerless' }), 'tasks:write'],
      [await rpc(server.url, 'SubscribeToTask', { id: NOBODYS }, { token: 'powerless' }), 'tasks:read'],
      [await rest(server.url, 'GET /tasks', undefined, { token: 'powerless' }), 'tasks:read'],
    ] as const
    for (const [{ status, headers, body }, scope] of asked) {
      expect([status, body.error?.code]).toEqual([403, 403])
      expect(headers.get('www-authenticate')).toContain(`scope="${scope}"`)
    }
  })

  test('AU20 a tenant that is not the token’s is never honoured: no task is found, and without one the request is refused', async () => {
    const mine = await begin()
    const theirs = await begin('bob')
    for (const id of [mine, theirs]) {
      const over = [
        await rpc(server.url, 'GetTask', { id, tenant: TENANT_B }),
        await rpc(server.url, 'CancelTask', { id, tenant: TENANT_B }),
        await rpc(server.url, 'SendMessage', { tenant: TENANT_B, message: saying('x', { taskId: id }) }),
        await rest(server.url, `GET /${TENANT_B}/tasks/${id}`),
        await rest(server.url, `GET /tasks/${id}?tenant=${TENANT_B}`),
      ]
      for (const { body } of over) expect(reasonOf(body.error)).toBe('TASK_NOT_FOUND')
    }
    const refused = [
      await rpc(server.url, 'SendMessage', { tenant: TENANT_B, message: saying('x') }),
      await rpc(server.url, 'ListTasks', { tenant: 'other' }),
      await rpc(server.url, 'GetExtendedAgentCard', { tenant: TENANT_B }),
      await rest(server.url, `GET /${TENANT_B}/tasks`),
      await rest(server.url, `POST /${TENANT_B}/message:send`, { message: saying('x') }),
    ]
    expect(refused.map(({ body }) => body.error?.code)).toEqual([-32602, -32602, -32602, 400, 400])
    for (const { body } of refused) expect(fieldsOf(body)).toEqual(['tenant'])
    const own = await rpc(
      server.url,
      'GetTask',
      { id: mine, tenant: TENANT_A },
      { headers: { 'x-tenant-id': TENANT_B } },
    )
    expect(own.body.result?.id).toBe(mine)
  })

  test('a body too large and a caller too fast are told so in A2A’s shape', async () => {
    const large = await rest(server.url, 'POST /message:send', { message: 'x'.repeat(5_000_000) })
    expect([large.status, large.body.error?.code]).toEqual([413, 413])
    const slow = await startA2aServer({ rate: { perSecond: 0.1, burst: 1 } })
    try {
      const tried = [await rpc(slow.url, 'ListTasks', {}), await rpc(slow.url, 'ListTasks', {})]
      const [, refused] = tried
      expect([refused?.status, refused?.body.error?.code]).toEqual([429, 429])
      expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
    } finally {
      await slow.stop(0)
    }
  })
})
