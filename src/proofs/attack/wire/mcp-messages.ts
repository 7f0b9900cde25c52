// MC03, MC09, MC12, MC13, MC16: messages to /mcp that say one thing and mean another.
import { type Attack, each, judged, notRun, type Problem } from '../attack.ts'
import type { Ground } from '../ground/ground.ts'

const MODERN = '2026-07-28'
const META = {
  'io.modelcontextprotocol/protocolVersion': MODERN,
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'gatehouse-attack', version: '1' },
}

export const headersDisagree: Attack = {
  id: 'MC03',
  title: 'headers that name another method or tool than the body',
  async run({ a, mcp }) {
    const params = { name: 'list_documents', arguments: {}, _meta: META }
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params }
    const honest = {
      'mcp-protocol-version': MODERN,
      'mcp-method': 'tools/call',
      'mcp-name': 'list_documents',
    }
    const fine = await mcp.post(message, a.token, { headers: honest })
    if (fine.status !== 200) return notRun(`an honest request got ${fine.status}`)
    const lies = [
      { 'mcp-name': 'delete_document' },
      { 'mcp-method': 'tools/list' },
      { 'mcp-protocol-version': '2025-11-25' },
      { 'mcp-name': '=?base64?ZGVsZXRlX2RvY3VtZW50?=' },
    ]
    const problems = await each(lies, async lie => {
      const { status, output } = await mcp.post(message, a.token, {
        headers: { ...honest, ...(lie as unknown as Record<string, string>) },
      })
      const code = (output['error'] as { code?: number } | undefined)?.code
      if (status === 400 && code === -32020) return undefined
      return `${JSON.stringify(lie)} got ${status} / ${code ?? 'no error'}, not 400 / -32020`
    })
    return judged(problems, 'refused with 400 and -32020')
  },
}

export const legacyVerbs: Attack = {
  id: 'MC09',
  title: 'GET and DELETE, sessions, Last-Event-ID, batches',
  async run({ a, b, wire, mcp }) {
    const problems: Problem[] = []
    for (const method of ['GET', 'DELETE', 'PUT', 'PATCH']) {
      const { status } = await wire.send({ method, path: '/mcp', token: a.token })
      problems.push(status === 405 ? undefined : `${method} /mcp got ${status}, not 405`)
    }
    const call = {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'list_documents', arguments: {} },
    }
    const plain = await mcp.post(call, a.token)
    const session = await mcp.post(call, a.token, {
      headers: { 'mcp-session-id': b.id, 'last-event-id': '1' },
    })
    problems.push(
      session.compared === plain.compared ? undefined : 'Mcp-Session-Id or Last-Event-ID changed the answer',
    )
    problems.push('mcp-session-id' in session.headers ? 'the server hands out sessions' : undefined)
    const batch = await mcp.post([call, call], a.token)
    problems.push(batch.status === 400 ? undefined : `a batch got ${batch.status}, not 400`)
    return judged(problems, 'refused or ignored')
  },
}

export const pollution: Attack = {
  id: 'MC12',
  title: 'prototype pollution: __proto__ and constructor.prototype in arguments',
  async run({ a, mcp }) {
    const bodies = [
      '{"__proto__":{"admin":true},"query":"heron"}',
      '{"query":"heron","constructor":{"prototype":{"admin":true}}}',
      '{"query":"heron","filter":{"metadata":{"__proto__":{"x":1}}}}',
      '{"query":"heron","\\u005f_proto__":{"admin":true}}',
    ]
    const problems = await each(bodies, async args => {
      const text = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"hybrid_search","arguments":${args}}}`
      const { status, isError } = await mcp.post(text, a.token)
      return status === 400 || (status === 200 && isError) ? undefined : `${args} was taken (${status})`
    })
    return judged(problems, 'refused')
  },
}

/** Arguments as they stand in the body: some cannot be written as a value of JavaScript. */
const ABUSES = [
  '{"query":"heron","limit":-1}',
  '{"query":"heron","limit":0}',
  '{"query":"heron","limit":1e9}',
  '{"query":"heron","limit":"10; drop table document"}',
  '{"query":"heron","limit":1e400}',
  '{"query":"heron","limit":9007199254740993}',
  '{"query":"heron","limit":1.5}',
  '{"query":"heron","unknown":true}',
  '{"query":["heron"]}',
  '{"query":null}',
  '{}',
  '[]',
]

export const argumentAbuse: Attack = {
  id: 'MC13',
  title: 'arguments out of bounds, of other types, unknown ones',
  run: async ground =>
    judged(await each(ABUSES, args => refusedArguments(ground, args)), 'refused as invalid input'),
}

/** A problem unless the call was refused as invalid, with 200 and isError or with 400. */
export async function refusedArguments(
  { a, mcp }: Ground,
  args: string,
  tool = 'hybrid_search',
): Promise<Problem> {
  const text = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"${tool}","arguments":${args}}}`
  const { status, isError, output } = await mcp.post(text, a.token)
  if (status === 400) return undefined
  if (
    status === 200 &&
    isError &&
    ['invalid_input', undefined].includes(output['code'] as string | undefined)
  )
    return undefined
  return `${args.slice(0, 80)} got ${status}${isError ? ` / ${String(output['code'])}` : ' and was taken'}`
}

export const poisonedTools: Attack = {
  id: 'MC16',
  title: 'text of tenants in tool descriptions, instructions or serverInfo',
  async run({ a, b, mcp }) {
    const initialize = {
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'attack', version: '1' },
      },
    }
    const list = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }
    const seen = [
      await mcp.post(list, a.token),
      await mcp.post(list, b.token),
      await mcp.post(initialize, a.token),
    ]
    if (seen.some(({ status }) => status !== 200)) return notRun('the lists were not answered')
    const [ofA, ofB] = seen
    const words = ['IGNORE ALL PREVIOUS', a.secret, b.secret, a.slug, b.slug, a.word]
    return judged(
      [
        ...seen.map(({ body }) => {
          const word = words.find(one => body.includes(one))
          return word === undefined ? undefined : `"${word}" of a tenant stands in the list`
        }),
        ofA?.compared === ofB?.compared ? undefined : 'two tenants are shown different tools',
      ],
      'nothing of a tenant, and the same for both',
    )
  },
}
