// What the page lives on, over HTTP and by the cookie of who signed in: what its session tells, the streams it follows and
// what ends them, and the tokens that are made with it.
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { z } from 'zod'
import { defineWorkflow } from '../../src/features/agents/workflows/workflow.ts'
import { ROLE_SCOPES } from '../../src/gate/roles.ts'
import { sseParser, type ServerSentEvent } from '../../src/protocols/client/events/sse-parser.ts'
import { fileClient } from '../harness/file-client.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'

vi.mock(import('../../src/gate/sign-in/password-hash.ts'), async original => {
  const { cheapPasswords } = await import('../harness/cheap-passwords.ts')
  return cheapPasswords(await original())
})

/** Goes on when it is let go, or never. */
const gate = Promise.withResolvers<void>()
const held = defineWorkflow({
  name: 'held',
  title: 'Held',
  description: 'Works until it is let go.',
  tags: [],
  examples: [],
  input: z.strictObject({ question: z.string() }),
  steps: [{ name: 'work', title: 'Work', after: [], replay: 'safe' }],
  run: ({ question }, work) =>
    work.step('work', async ({ signal }) => {
      await (question === 'ever' ? pause(60_000, undefined, { signal }) : gate.promise)
      return {}
    }),
})

type Fields = Readonly<Record<string, unknown>>

interface Person {
  readonly id: string
  ask(path: string, body?: unknown, options?: Asking): Promise<{ status: number; body: Fields }>
  /** An operation's answers as they come; throws the refusal. */
  follow(operation: string, body: unknown, lastEventId?: string, at?: string): AsyncGenerator<ServerSentEvent>
}

interface Asking {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}

// The engine matters to the operations alone, which have tests of their own on both.
describe.runIf(inject('engine') === 'postgres')('the page of a person', () => {
  let it: TestGatehouse
  let acme: string
  let globex: string
  let addresses = 0

  beforeAll(async () => {
    it = await openTestGatehouse(
      { GATEHOUSE_RATE_PER_SECOND: '10000', GATEHOUSE_RATE_BURST: '10000' },
      undefined,
      [held],
    )
    acme = await it.createTenant('acme')
    globex = await it.createTenant('globex')
  })
  afterAll(async () => {
    gate.resolve()
    await it.close()
  })

  const asOwner = (tenantId: string) => ({ tenantId, scopes: ROLE_SCOPES.owner, subject: 'boss' })

  async function join(email: string, tenantId: string, role: string): Promise<string> {
    const { link } = await it.run<{ link: string }>(asOwner(tenantId), 'invite_user', { email, role })
    addresses += 1
    return it.gatehouse.accounts.acceptInvitation({
      code: link.split('#')[1] ?? '',
      name: email,
      password: 'three silver ladders',
      address: `10.2.0.${addresses}`,
    })
  }

  async function person(id: string, places: Readonly<Record<string, string>>): Promise<Person> {
    let secret = ''
    for (const [tenantId, role] of Object.entries(places)) secret = await join(id, tenantId, role)
    const headersOf = (headers: Asking['headers'] = {}) => ({
      origin: it.url,
      cookie: `gatehouse=${secret}`,
      'content-type': 'application/json',
      ...headers,
    })
    const me: Person = {
      id,
      async ask(path, body, { method = body === undefined ? 'GET' : 'POST', headers } = {}) {
        const sent = { method, headers: headersOf(headers) }
        const answer = await fetch(it.url + path, {
          ...sent,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        })
        const text = await answer.text()
        return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as Fields }
      },
      async *follow(operation, body, lastEventId, at) {
        const headers = headersOf({
          accept: 'text/event-stream',
          // As the page sends it: the tenant it was opened in.
          ...(at === undefined ? {} : { 'gatehouse-place': at }),
          ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
        })
        const sent = { method: 'POST', headers, body: JSON.stringify(body) }
        const answer = await fetch(`${it.url}/api/${operation}`, sent)
        if (answer.status !== 200 || answer.body === null) throw new Error(await answer.text())
        const parser = sseParser()
        for await (const text of answer.body.pipeThrough(new TextDecoderStream())) yield* parser.push(text)
      },
    }
    await me.ask('/api/session', { tenant: Object.keys(places)[0] }, { method: 'PUT' })
    return me
  }

  const sessionOf = async ({ ask }: Person) => (await ask('/api/session')).body
  const dataOf = ({ data }: ServerSentEvent) => JSON.parse(data) as Fields
  const started = async (who: Person, question: string): Promise<string> => {
    const { body } = await who.ask('/api/start_task', { workflow: 'held', question })
    return (body['task'] as { task_id: string }).task_id
  }
  async function whole(events: AsyncGenerator<ServerSentEvent>): Promise<ServerSentEvent[]> {
    const all: ServerSentEvent[] = []
    for await (const event of events) all.push(event)
    return all
  }

  test('tells where it acts, what it may do there now and when it ends; elsewhere it tells anew', async () => {
    const ada = await person('ada@example.com', { [acme]: 'member', [globex]: 'reader' })
    const there = await sessionOf(ada)
    expect(there).toMatchObject({
      current: { tenant_id: acme, user: ada.id, role: 'member', scopes: ROLE_SCOPES.member },
      barred: null,
      tenants: [{ tenant_id: acme }, { tenant_id: globex }],
    })
    expect(Date.parse(String(there['expires_at']))).toBeGreaterThan(Date.now())
    await ada.ask('/api/session', { tenant: globex }, { method: 'PUT' })
    expect((await sessionOf(ada))['current']).toEqual({
      tenant_id: globex,
      user: ada.id,
      role: 'reader',
      scopes: ROLE_SCOPES.reader,
    })
  })

  test('says why it may do nothing where its user is disabled or its tenant rests', async () => {
    const resting = await it.createTenant('resting')
    const bea = await person('bea@example.com', { [resting]: 'member' })
    await it.run(asOwner(resting), 'disable_user', { id: bea.id })
    expect(await sessionOf(bea)).toMatchObject({
      current: null,
      barred: { tenant_id: resting, name: 'resting', reason: 'user_disabled' },
    })
    await it.run(asOwner(resting), 'enable_user', { id: bea.id })
    await it.gatehouse.operate('suspend_tenant', { tenant: resting, reason: 'a test' })
    expect(await sessionOf(bea)).toMatchObject({ current: null, barred: { reason: 'tenant_inactive' } })
    await it.gatehouse.operate('resume_tenant', { tenant: resting })
    expect(await sessionOf(bea)).toMatchObject({ current: { user: bea.id }, barred: null })
  })

  test('D15 a task is followed across a lost connection: no event twice, none missing, and its end is told', async () => {
    const cid = await person('cid@example.com', { [acme]: 'member' })
    const task_id = await started(cid, 'soon')
    const seen: ServerSentEvent[] = []
    // With the event that tells that it works on, the connection is lost.
    for await (const event of cid.follow('follow_task', { task_id, after: 0 })) {
      seen.push(event)
      if (event.data.includes('"kind":"step"')) break
    }
    gate.resolve()
    seen.push(...(await whole(cid.follow('follow_task', { task_id }, seen.at(-1)?.id))))
    expect(seen.at(-1)?.event).toBe('end')
    const answers = seen.slice(0, -1).map(dataOf)
    const events = answers.flatMap(({ events: some }) => some as { sequence: number; state?: string }[])
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1))
    expect(events.at(-1)).toMatchObject({ state: 'completed' })
    expect(answers.at(-1)).toMatchObject({ is_over: true })
    // Whoever comes when all is over is told how it stands, and that nothing follows.
    const late = await whole(cid.follow('follow_task', { task_id }))
    expect(late.map(({ event }) => event)).toEqual(['message', 'end'])
    expect(late.map(dataOf)[0]).toMatchObject({ task: { status: { state: 'completed' } }, is_over: true })
  })

  test('UI06 streams end when their session goes elsewhere or ends, its user is disabled or its tenant suspended', async () => {
    const shut = await it.createTenant('shut')
    const ends: [string, string, (who: Person) => Promise<unknown>][] = [
      ['dan', acme, who => who.ask('/api/session', { tenant: globex }, { method: 'PUT' })],
      ['eli', acme, who => who.ask('/api/session', {}, { method: 'DELETE' })],
      ['fay', acme, who => it.run(asOwner(acme), 'disable_user', { id: who.id })],
      ['gus', shut, () => it.gatehouse.operate('suspend_tenant', { tenant: shut, reason: 'a test' })],
    ]
    const outcomes = ends.map(async ([name, tenant, end]) => {
      const who = await person(`${name}@example.com`, { [tenant]: 'member', [globex]: 'reader' })
      const task_id = await started(who, 'ever')
      let last: ServerSentEvent | undefined
      for await (const event of who.follow('follow_task', { task_id, after: 0 }, undefined, tenant)) {
        last = event
        if (event.data.includes('"kind":"step"')) await end(who)
      }
      const again = await who.ask('/api/follow_task', { task_id })
      return [name, last?.event, [401, 403, 404].includes(again.status)]
    })
    expect(await Promise.all(outcomes)).toEqual(ends.map(([name]) => [name, 'problem', true]))
  })

  test('several files are followed by one stream, which any of its ids resumes, until all have ended', async () => {
    const ivy = await person('ivy@example.com', { [acme]: 'member' })
    const client = fileClient(it, await it.token('acme', ['documents:read', 'documents:write'], ivy.id))
    const theirs = fileClient(it, await it.token('globex', ['documents:read', 'documents:write']))
    const file = (name: string) => ({ name, bytes: Buffer.from(`# ${name}\n\nA cove called ${name}.\n`) })
    const mine = [await client.bring(file('one.md')), await client.bring(file('two.md'))]
    const foreign = await theirs.bring(file('three.md'))
    const body = { ingestions: [...mine, foreign].map(ingestion_id => ({ ingestion_id })) }
    const seen = await whole(ivy.follow('follow_ingestions', body))
    const eventsOf = (messages: readonly ServerSentEvent[]) =>
      messages
        .filter(({ event }) => event === 'message')
        .flatMap(
          message => dataOf(message)['events'] as { ingestion_id: string; sequence: number; kind: string }[],
        )
        .map(({ ingestion_id, sequence, kind }) => `${mine.indexOf(ingestion_id)} ${sequence} ${kind}`)
    const all = eventsOf(seen)
    expect(seen.at(-1)?.event).toBe('end')
    expect(all.toSorted()).toEqual(
      [0, 1].flatMap(at =>
        ['1 accepted', '2 parsing', '3 parsed', '4 published'].map(rest => `${at} ${rest}`),
      ),
    )
    expect(seen.at(-1)?.id).toBe('4.4.0')
    for (const { id } of seen.slice(0, -1)) {
      const before = eventsOf(seen.slice(0, seen.findIndex(one => one.id === id) + 1))
      const after = eventsOf(await whole(ivy.follow('follow_ingestions', body, id)))
      expect([...before, ...after].toSorted(), id).toEqual(all.toSorted())
    }
    await expect(whole(ivy.follow('follow_ingestions', body, '4.4'))).rejects.toThrow('bad_event_id')
  })

  test('makes tokens that open one door and allow what was asked, on record and ended by their owner', async () => {
    const jo = await person('jo@example.com', { [acme]: 'member' })
    const kim = await person('kim@example.com', { [acme]: 'reader' })
    const { body: made } = await jo.ask('/api/create_own_token', { audience: 'mcp' })
    expect(made).toMatchObject({
      tenant_id: acme,
      user: jo.id,
      scopes: ['documents:read', 'tasks:read', 'tasks:write'],
      audience: 'http://127.0.0.1:8080/mcp',
    })
    const token = String(made['token'])
    expect((await it.call(token, 'list_documents', {})).isError).toBe(false)
    expect((await it.call(token, 'delete_document', { document_id: acme })).output).toMatchObject({
      code: 'forbidden',
    })
    const { rows } = await it.run<{ rows: Fields[] }>(asOwner(acme), 'list_audit', {
      operation: 'create_own_token',
    })
    expect(rows).toMatchObject([
      { subject: jo.id, object: `token:${String(made['token_id'])}`, outcome: 'ok' },
    ])
    expect((await kim.ask('/api/revoke_own_token', { token })).status).toBe(400)
    const forged = `${token.slice(0, -8)}AAAAAAAA`
    expect((await jo.ask('/api/revoke_own_token', { token: forged })).status).toBe(400)
    expect((await it.call(token, 'list_documents', {})).status).toBe(200)
    expect((await jo.ask('/api/revoke_own_token', { token })).status).toBe(200)
    expect((await it.call(token, 'list_documents', {})).status).toBe(401)
  })

  test('AU22 makes no token that allows more than its role, and none by a token or a key', async () => {
    const lou = await person('lou@example.com', { [acme]: 'member' })
    const ask = async (input: Fields, headers?: Record<string, string>) => {
      const { status, body } = await lou.ask(
        '/api/create_own_token',
        { audience: 'api', ...input },
        headers && { headers },
      )
      return [status, body['reason']]
    }
    for (const scope of ['documents:read_all', 'users:write', 'budgets:grant'])
      expect(await ask({ scopes: ['documents:read', scope] })).toEqual([403, 'scope_not_held'])
    expect(await ask({ ttl_seconds: 86_401 })).toEqual([400, undefined])
    const { body: made } = await lou.ask('/api/create_own_token', { audience: 'api' })
    const { body: key } = await lou.ask('/api/create_api_key', { name: 'k', scopes: ['documents:read'] })
    for (const credential of [made['token'], key['key']])
      expect(await ask({}, { authorization: `Bearer ${String(credential)}` })).toEqual([403, 'not_signed_in'])
    const list = () =>
      lou.ask('/api/list_documents', {}, { headers: { authorization: `Bearer ${String(made['token'])}` } })
    expect((await list()).status).toBe(200)
    await it.run(asOwner(acme), 'disable_user', { id: lou.id })
    expect((await list()).status).toBe(401)
  })
})
