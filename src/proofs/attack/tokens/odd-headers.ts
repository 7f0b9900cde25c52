// AU25: where a token may stand in a request, and how often.
import { type Attack, judged, type Problem } from '../attack.ts'

export const oddHeaders: Attack = {
  id: 'AU25',
  title: 'two Authorization headers, a token in the URL, a token of 64 KB, a lower-case scheme',
  async run({ a, wire, mcp }) {
    const list = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }
    const body = JSON.stringify(list)
    const post = {
      method: 'POST',
      path: '/mcp',
      body,
      headers: { accept: 'application/json, text/event-stream' },
    }
    const twice = await wire.send({
      ...post,
      token: a.token,
      more: [['authorization', `Bearer ${a.token}`]],
    })
    const inUrl = await mcp.post(list, undefined, { path: `/mcp?access_token=${a.token}` })
    const huge = await wire.send({ ...post, token: 'x'.repeat(65_536) })
    const lower = await wire.send({
      ...post,
      headers: { ...post.headers, authorization: `bearer ${a.token}` },
    })
    const basic = await wire.send({
      ...post,
      headers: { ...post.headers, authorization: 'Basic YWRtaW46YWRtaW4=' },
    })
    const expected = (what: string, status: number, ...wanted: number[]): Problem =>
      wanted.includes(status) ? undefined : `${what} got ${status}, not ${wanted.join(' or ')}`
    return judged(
      [
        expected('two Authorization headers', twice.status, 400),
        expected('a token in the URL', inUrl.status, 401),
        expected('a token of 64 KB', huge.status, 431, 401),
        expected('"bearer" in lower case', lower.status, 200),
        expected('Basic admin:admin', basic.status, 401),
      ],
      'each as it should be',
    )
  },
}
