// The agent card as clients fetch it: its two shapes, its signature against the keys this server publishes, and the door
// that it leads to.
import { AgentCard, verifyAgentCardSignature } from '@a2a-js/sdk'
import { ClientFactory } from '@a2a-js/sdk/client'
import { createRemoteJWKSet, exportJWK } from 'jose'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { A2AClient } from 'a2a-sdk-v0/client'
import { askRoute } from '../harness/api-client.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'

const PUBLIC = 'http://127.0.0.1:8080'

// What it says depends on no engine; its keys lie in the database.
describe.runIf(inject('engine') === 'postgres')('the agent card', () => {
  let whole: TestGatehouse
  let tenant: string

  beforeAll(async () => {
    // The SDK prints every signature that it refuses.
    vi.spyOn(console, 'debug').mockReturnValue()
    whole = await openTestGatehouse()
    tenant = await whole.createTenant('cards')
  })
  afterAll(() => whole.close())

  const fetchCard = (headers: Record<string, string> = {}, path = '/.well-known/agent-card.json') =>
    fetch(whole.url + path, { headers })
  const cardOf = async () => AgentCard.fromJSON(await (await fetchCard({ 'a2a-version': '1.0' })).json())

  /** Through the JWKS that the signature points to, fetched anew. */
  const verify = (card: AgentCard): Promise<void> =>
    verifyAgentCardSignature(async (kid, jku) => {
      const found = createRemoteJWKSet(new URL((jku ?? '').replace(PUBLIC, whole.url)))
      return exportJWK(await found({ alg: 'RS256', kid }))
    })(card)

  test('1.0 and 0.3 come from one address by the A2A-Version header, each with a tag of its own', async () => {
    const [latest, legacy, silent] = await Promise.all([
      fetchCard({ 'a2a-version': '1.0' }),
      fetchCard({ 'a2a-version': '0.3' }),
      fetchCard(),
    ])
    for (const { status, headers } of [latest, legacy, silent]) {
      expect([status, headers.get('vary'), headers.get('cache-control')]).toEqual([
        200,
        'A2A-Version',
        'public, max-age=300',
      ])
    }
    expect(latest.headers.get('etag')).not.toBe(legacy.headers.get('etag'))
    const old = await legacy.text()
    expect(await silent.text()).toBe(old)
    expect(await (await fetchCard({}, '/.well-known/agent.json')).text()).toBe(old)
    expect(JSON.parse(old)).toMatchObject({
      protocolVersion: '0.3',
      url: `${PUBLIC}/a2a`,
      preferredTransport: 'JSONRPC',
      supportsAuthenticatedExtendedCard: true,
      skills: expect.arrayContaining([expect.objectContaining({ id: 'rag' })]) as unknown,
    })
    const body = (await latest.json()) as { supportedInterfaces: unknown[] }
    expect(body.supportedInterfaces).toEqual([
      { url: `${PUBLIC}/a2a`, protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
      { url: `${PUBLIC}/a2a/rest`, protocolBinding: 'HTTP+JSON', protocolVersion: '1.0' },
      { url: `${PUBLIC}/a2a`, protocolBinding: 'JSONRPC', protocolVersion: '0.3' },
    ])
  })

  test('whoever has the card already gets 304 and no body', async () => {
    const tag = (await fetchCard()).headers.get('etag') ?? ''
    for (const known of [tag, `"other", W/${tag}`, '*']) {
      const answer = await fetchCard({ 'if-none-match': known })
      expect([known, answer.status, await answer.text()]).toEqual([known, 304, ''])
    }
    expect((await fetchCard({ 'if-none-match': '"other"' })).status).toBe(200)
  })

  test('a client of each version finds its way by the card alone', async () => {
    const fetchImpl = ((url: string | URL, init?: RequestInit) =>
      fetch(String(url).replace(PUBLIC, whole.url), init)) as typeof fetch
    const latest = await new ClientFactory().createFromUrl(whole.url)
    expect(latest.transport.protocolVersion).toBe('1.0')
    const legacy = await A2AClient.fromCardUrl(`${whole.url}/.well-known/agent-card.json`, { fetchImpl })
    expect((await legacy.getAgentCard()).url).toBe(`${PUBLIC}/a2a`)
  })

  test('AA13 the extended card is for callers who showed who they are, and nothing inward is in either', async () => {
    const rpc = { jsonrpc: '2.0', id: 1, method: 'GetExtendedAgentCard', params: {} }
    const { token } = await whole.gatehouse.operate('create_token', {
      tenant: 'cards',
      user: 'ada',
      audience: 'a2a',
    })
    const ask = (authorization?: string) =>
      Promise.all([
        fetch(`${whole.url}/a2a/rest/extendedAgentCard`, {
          headers: { 'a2a-version': '1.0', ...(authorization === undefined ? {} : { authorization }) },
        }),
        fetch(`${whole.url}/a2a`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'a2a-version': '1.0',
            ...(authorization === undefined ? {} : { authorization }),
          },
          body: JSON.stringify(rpc),
        }),
      ])
    expect((await ask()).map(({ status }) => status)).toEqual([401, 401])
    const [rest, answer] = await ask(`Bearer ${String(token)}`)
    const extended = (await rest.json()) as Record<string, unknown>
    expect(((await answer.json()) as { result: unknown }).result).toEqual(extended)
    await verify(AgentCard.fromJSON(extended))
    const legacy = await askRoute(whole.url, { method: 'POST', path: '/a2a' }, `Bearer ${String(token)}`, {
      jsonrpc: '2.0',
      id: 1,
      method: 'agent/getAuthenticatedExtendedCard',
    })
    // Signed is the shape of 1.0 alone: a signature that nobody can verify says nothing.
    expect(legacy.body['result']).toMatchObject({ protocolVersion: '0.3', url: `${PUBLIC}/a2a` })
    expect(legacy.body['result']).not.toHaveProperty('signatures')
    expect(JSON.stringify(extended).match(new RegExp(tenant, 'g'))).toHaveLength(3)
    const open = await (await fetchCard({ 'a2a-version': '1.0' })).text()
    expect(open).not.toContain(tenant)
    for (const text of [open, JSON.stringify(extended)]) {
      const hosts = [...text.matchAll(/[a-z]+:\/\/([^/"]+)/g)].map(([, host]) => host)
      const known = [new URL(PUBLIC).host, 'json-schema.org']
      expect(hosts.filter(host => !known.includes(String(host)))).toEqual([])
    }
    expect(open).not.toMatch(/extractive|ollama|gpt|claude|postgres/i)
  })

  test('the signature verifies through our JWKS; with one byte changed it is refused', async () => {
    const card = await cardOf()
    expect(card.signatures).toHaveLength(2)
    await verify(card)
    const forged = structuredClone(card)
    forged.description = forged.description.replace('citations', 'citationz')
    expect(forged.description).not.toBe(card.description)
    await expect(verify(forged)).rejects.toThrow(/no valid signatures/i)
  })

  test('after a rotation the new card verifies, and the old one until its key is retired', async () => {
    const before = await cardOf()
    const { kid, retiring } = await whole.gatehouse.operate('rotate_signing_key', {})
    const after = await cardOf()
    expect(after.signatures).not.toEqual(before.signatures)
    expect(kid).not.toBe(retiring)
    await verify(after)
    await verify(before)
    await whole.gatehouse.operate('retire_signing_key', { kid: retiring })
    await expect(verify(before)).rejects.toThrow(/no valid signatures/i)
    await verify(await cardOf())
  })

  test('a token for one door opens no other, and a key opens all', async () => {
    const signed = async (audience: string) =>
      String(
        (await whole.gatehouse.operate('create_token', { tenant: 'cards', user: 'ada', audience }))['token'],
      )
    const key = await whole.run<{ key: string }>({ tenantId: tenant, subject: 'ada' }, 'create_api_key', {
      name: 'door',
      scopes: ['documents:read', 'tasks:read'],
    })
    const doors = { a2a: '/tasks', api: '/api/list_documents', mcp: '/mcp' }
    const credentials = {
      a2a: await signed('a2a'),
      api: await signed('api'),
      mcp: await signed('mcp'),
      key: key.key,
    }
    for (const [audience, credential] of Object.entries(credentials)) {
      for (const [door, path] of Object.entries(doors)) {
        const method = door === 'a2a' ? 'GET' : 'POST'
        const { status } = await askRoute(whole.url, { method, path }, `Bearer ${credential}`, {})
        const isOpen = audience === door || audience === 'key'
        expect([audience, door, status === 401]).toEqual([audience, door, !isOpen])
      }
    }
  })

  test('RFC 9728: a refusal at /a2a and at the facade points to metadata that names the resource', async () => {
    for (const path of ['/a2a', '/tasks']) {
      const { status, headers } = await askRoute(whole.url, { method: 'POST', path })
      const [, metadata] = /resource_metadata="([^"]+)"/.exec(headers.get('www-authenticate') ?? '') ?? []
      expect([path, status, metadata]).toEqual([
        path,
        401,
        `${PUBLIC}/.well-known/oauth-protected-resource/a2a`,
      ])
      const said = await (await fetch(String(metadata).replace(PUBLIC, whole.url))).json()
      expect(said).toMatchObject({
        resource: `${PUBLIC}/a2a`,
        scopes_supported: ['documents:read', 'tasks:read', 'tasks:write'],
      })
    }
  })
})
