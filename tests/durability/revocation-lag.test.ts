// What is revoked in one process is refused by the others: two real servers on one database, 200 requests in flight on
// both. The largest lag is printed; what fails the test is a bound that only a broken reading would miss.
import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  ENGINE,
  freePort,
  openDeployment,
  serving,
  until,
  type Deployment,
  type Env,
} from '../acceptance/server-process.ts'

const IN_FLIGHT = 100
/** Promised are 2 s. */
const GENEROUS_MS = 5_000

describe.runIf(ENGINE === 'postgres')('revocation on two servers', () => {
  let deployment: Deployment
  let urls: readonly [string, string]
  let operatorKey: string
  /** As it is made on the host: a key cannot make keys. */
  let newOperatorKey: (name: string) => Promise<{ key: string; id: string }>

  beforeAll(async () => {
    deployment = await openDeployment()
    const ports = [await freePort(), await freePort()] as const
    urls = [`http://127.0.0.1:${ports[0]}`, `http://127.0.0.1:${ports[1]}`]
    const shared: Env = {
      GATEHOUSE_PUBLIC_URL: urls[0],
      GATEHOUSE_SEAL_KEYS: `k1:${randomBytes(32).toString('base64url')}`,
      GATEHOUSE_CONCURRENT_PER_TENANT: '1000',
      GATEHOUSE_CONCURRENT_PER_ADDRESS: '1000',
      LOG_LEVEL: 'warn',
    }
    const folders = ports.map(port => join(deployment.dataDir, String(port)))
    const env = (n: 0 | 1): Env => ({
      ...shared,
      GATEHOUSE_PORT: String(ports[n]),
      GATEHOUSE_DATA_DIR: String(folders[n]),
    })
    await Promise.all(folders.map(folder => mkdir(folder)))
    // One after the other: the first migrates and makes the signing key.
    await serving(deployment.spawn(['serve'], env(0)))
    await serving(deployment.spawn(['serve'], env(1)))
    newOperatorKey = async name => {
      const made = deployment.spawn(['operator-key', 'create', '--name', name, '--json'], env(0))
      const { code, stdout, stderr } = await made.ended
      if (code !== 0) throw new Error(stderr)
      return JSON.parse(stdout) as { key: string; id: string }
    }
    operatorKey = (await newOperatorKey('test')).key
    await ask('create_tenant', { slug: 'acme', name: 'Acme' })
    const isActive = async (): Promise<boolean> =>
      ((await ask('get_tenant', { tenant: 'acme' }))['tenant'] as { status: string }).status === 'active'
    await until(isActive, 'the tenant is active')
  })
  afterAll(() => deployment.close())

  async function ask(
    operation: string,
    input: object,
    credential = operatorKey,
  ): Promise<Record<string, unknown>> {
    const answer = await post(`${urls[0]}/api/${operation}`, credential, input)
    const body = (await answer.json()) as Record<string, unknown>
    if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${JSON.stringify(body)}`)
    return body
  }
  const userToken = async (user: string, audience: 'mcp' | 'api', scopes: readonly string[]) =>
    (await ask('create_token', { tenant: 'acme', user, audience, scopes })) as {
      token: string
      token_id: string
    }

  /** Asks with the credential, over and over on both servers, until each of the callers was refused. */
  async function lagOf(credential: string, revoke: () => Promise<unknown>) {
    // When the last request that was accepted was sent, and when its answer came: the decision lies between.
    const lastAcceptedAt = [0, 0]
    const lastAnsweredAt = [0, 0]
    const after = { accepted: 0, other: new Set<number>() }
    let revokedAt = Number.POSITIVE_INFINITY
    const caller = async (n: 0 | 1): Promise<void> => {
      for (;;) {
        const sentAt = performance.now()
        const status = await listTools(urls[n], credential)
        if (status === 200) {
          lastAcceptedAt[n] = Math.max(lastAcceptedAt[n] ?? 0, sentAt)
          lastAnsweredAt[n] = performance.now()
        } else if (status === 401 && sentAt > revokedAt) return
        else if (status !== 401) after.other.add(status)
        if (sentAt > revokedAt + GENEROUS_MS) {
          after.accepted++
          return
        }
      }
    }
    const callers = Array.from({ length: 2 * IN_FLIGHT }, (_, n) => caller(n % 2 === 0 ? 0 : 1))
    await until(() => Math.min(...lastAcceptedAt) > 0, 'both let it in')
    const askedAt = performance.now()
    await revoke()
    revokedAt = performance.now()
    await Promise.all(callers)
    const since = (from: number, times: readonly number[]) =>
      times.map(at => Math.max(0, Math.round(at - from)))
    return {
      lags: since(revokedAt, lastAcceptedAt),
      atMost: since(askedAt, lastAnsweredAt),
      acknowledgedAfter: Math.round(revokedAt - askedAt),
      after,
    }
  }

  /** Prints the lags, and answers whether the credential opens either server afterwards. */
  async function revoked(what: string, credential: string, revoke: () => Promise<unknown>) {
    const { lags, atMost, acknowledgedAfter, after } = await lagOf(credential, revoke)
    console.log(
      `${what}: revocation acknowledged after ${acknowledgedAfter} ms; last accepted request sent ${lags.join(' and ')} ms after that; ` +
        `last accepted answer ${atMost.join(' and ')} ms after it was asked for`,
    )
    const later = new Set<number>()
    for (let round = 0; round < 20; round++)
      for (const status of await Promise.all(urls.map(url => listTools(url, credential)))) later.add(status)
    return { accepted: after.accepted, other: [...after.other], later: [...later] }
  }
  const REFUSED = { accepted: 0, other: [], later: [401] }

  test('AU15: a token that was revoked is refused by both, with 200 requests in flight', async () => {
    const { token, token_id } = await userToken('ada', 'mcp', ['documents:read'])
    expect(await revoked('a token', token, () => ask('revoke_token', { token_id }))).toEqual(REFUSED)
  })

  test('AU15: an API key that was revoked is refused by both, with 200 requests in flight', async () => {
    const { token } = await userToken('ada', 'api', ['documents:read', 'keys:write'])
    const made = await ask('create_api_key', { name: 'test', scopes: ['documents:read'] }, token)
    const revoke = () => ask('revoke_api_key', { id: made['id'] }, token)
    expect(await revoked('an API key', String(made['key']), revoke)).toEqual(REFUSED)
  })

  test('AU15: an operator’s key that was revoked opens neither', async () => {
    const made = await newOperatorKey('second')
    const status = async (url: string) => (await post(`${url}/api/list_tenants`, made.key, {})).status
    await expect.poll(() => Promise.all(urls.map(status))).toEqual([200, 200])
    await ask('revoke_operator_key', { id: made.id })
    await expect.poll(() => Promise.all(urls.map(status)), { timeout: GENEROUS_MS }).toEqual([401, 401])
  })
})

function post(url: string, credential: string, body: object): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${credential}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify(body),
  })
}

async function listTools(url: string, credential: string): Promise<number> {
  const answer = await post(`${url}/mcp`, credential, {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/list',
    params: {},
  })
  await answer.arrayBuffer()
  return answer.status
}
