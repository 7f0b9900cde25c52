// MC01, MC22: pages of other sites that send a browser here.
import { type Attack, each, judged } from '../attack.ts'

const PATHS = ['/mcp', '/.well-known/jwks.json', '/api']

export const foreignHosts: Attack = {
  id: 'MC01',
  title: 'DNS rebinding: a foreign Host, a foreign Origin, with a valid token',
  async run({ a, wire }) {
    const tries = PATHS.flatMap(path =>
      [
        { host: 'evil.test' },
        { host: `${wire.url.hostname}.evil.test` },
        { origin: 'http://evil.test' },
        { origin: 'null' },
      ].map(headers => ({ path, headers })),
    )
    const problems = await each(tries, async ({ path, headers }) => {
      const { status } = await wire.send({
        method: path === '/mcp' ? 'POST' : 'GET',
        path,
        token: a.token,
        headers,
        ...(path === '/mcp' ? { body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' } : {}),
      })
      return status === 403 ? undefined : `${JSON.stringify(headers)} at ${path} got ${status}, not 403`
    })
    return judged(problems, 'refused with 403')
  },
}

export const crossOrigin: Attack = {
  id: 'MC22',
  title: 'CORS: does any answer let a page of another site read it',
  async run({ a, wire }) {
    const origin = 'https://evil.test'
    const tries = PATHS.flatMap(path => ['OPTIONS', 'POST', 'GET'].map(method => ({ path, method })))
    const problems = await each(tries, async ({ path, method }) => {
      const { headers } = await wire.send({
        method,
        path,
        token: a.token,
        headers: { origin, 'access-control-request-method': 'POST' },
      })
      const allowed = Object.keys(headers).find(name => name.startsWith('access-control-'))
      return allowed === undefined
        ? undefined
        : `${method} ${path} answers ${allowed}: ${headers[allowed] ?? ''}`
    })
    return judged(problems, 'no Access-Control header')
  },
}
