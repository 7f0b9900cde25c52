// AU20–AU22: a genuine caller who asks to be somebody else, or for more than its token allows.
import { type Attack, each, judged, notRun, type Problem } from '../attack.ts'
import type { Ground } from '../ground/ground.ts'
import type { McpAnswer } from '../ground/mcp.ts'

function tellsOfB({ b }: Ground, what: string, { body, status }: McpAnswer): Problem {
  if (body.includes(b.secret) || body.includes(b.objects.document))
    return `${what} showed tenant B (${status})`
  return undefined
}

export const switchedTenant: Attack = {
  id: 'AU20',
  title: "another tenant named in a header, the query, the body or _meta of A's request",
  async run(ground) {
    const { a, b, mcp } = ground
    const query = { query: b.word }
    const headers = [
      'x-tenant-id',
      'x-tenant',
      'tenant',
      'mcp-param-tenant',
      'x-gatehouse-tenant',
      'forwarded-tenant',
    ]
    const sendings = [
      ...headers.map(name => ({
        what: `header ${name}`,
        sending: { headers: { [name]: b.id } },
        args: query,
      })),
      { what: 'query string', sending: { path: `/mcp?tenant=${b.id}&tenant_id=${b.id}` }, args: query },
      { what: 'argument tenant', sending: {}, args: { ...query, tenant: b.id } },
      { what: 'argument tenant_id', sending: {}, args: { ...query, tenant_id: b.id } },
      { what: 'filter', sending: {}, args: { ...query, filter: { tenant_id: b.id } } },
    ]
    const problems = await each(sendings, async ({ what, sending, args }) =>
      tellsOfB(ground, what, await mcp.call('hybrid_search', args, a.token, sending)),
    )
    const meta = { tenant: b.id, tenant_id: b.id, 'io.modelcontextprotocol/tenant': b.id }
    const params = { name: 'hybrid_search', arguments: query, _meta: meta }
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params }
    problems.push(tellsOfB(ground, '_meta', await mcp.post(message, a.token)))
    problems.push(tellsOfB(ground, 'body tenant', await mcp.post({ ...message, tenant: b.id }, a.token)))
    return judged(problems, 'nothing of B was shown')
  },
}

export const switchedUser: Attack = {
  id: 'AU21',
  title: 'another user named in headers: the answer is that of the token, byte for byte',
  async run({ a, mcp }) {
    const ask = (headers: Record<string, string>) => mcp.call('list_documents', {}, a.token, { headers })
    const plain = await ask({})
    if (plain.status !== 200) return notRun(`the plain call got ${plain.status}`)
    const names = ['x-end-user-id', 'x-user-id', 'x-forwarded-user', 'x-remote-user', 'remote-user']
    const problems = await each(names, async name => {
      const { compared } = await ask({ [name]: 'gatehouse:maintainer' })
      return compared === plain.compared ? undefined : `${name} changed the answer`
    })
    return judged(problems, 'ignored')
  },
}

export const widerScope: Attack = {
  id: 'AU22',
  title: 'each tool with a token that lacks its scope',
  async run({ a, mcp, token }) {
    const narrow = (await token({ tenant: a.slug, scopes: ['timing:read'] })).token
    const [all, allowed] = [await mcp.tools(a.token), await mcp.tools(narrow)]
    const problems = await each(all, async ({ name }) => {
      if (allowed.some(tool => tool.name === name)) return `${name} is shown to a token without its scope`
      const { status, headers } = await mcp.call(name, {}, narrow)
      const challenge = headers['www-authenticate'] ?? ''
      if (status !== 403) return `${name} got ${status}, not 403`
      const asked = /scope="([^"]*)"/.exec(challenge)?.[1] ?? ''
      return asked.split(' ').length === 1 && asked !== ''
        ? undefined
        : `${name}'s challenge names "${asked}", not one scope`
    })
    return judged(problems, 'refused with 403 and the one scope that is missing')
  },
}
