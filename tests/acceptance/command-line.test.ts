// The command line as an operator uses it, while the server runs and while none does: what it prints, where, and the
// code it ends with.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  ENGINE,
  failureOf,
  openDeployment,
  startProcess,
  stop,
  until,
  type Deployment,
  type RunningProcess,
} from './server-process.ts'
import { mcpCaller } from './tool-caller.ts'

interface Token {
  readonly token: string
  readonly token_id: string
  readonly expires_at: string
}
interface Tenant {
  readonly id: string
  readonly slug: string
  readonly status: string
}
interface Key {
  readonly id: string
  readonly status: string
}
interface Seeded {
  readonly slug: string
  readonly added: number
  readonly unchanged: number
}

let deployment: Deployment
beforeAll(async () => {
  deployment = await openDeployment()
})
afterAll(() => deployment.close())

const tokenFor = (tenant: string, ...more: string[]) =>
  deployment.json<Token>('token', 'create', '--tenant', tenant, '--user', 'ada', ...more)
const statusWith = async ({ token }: Pick<Token, 'token'>): Promise<number> =>
  (await mcpCaller(deployment, token).answer('list_documents')).status
const aString: unknown = expect.any(String)
const aUuid: unknown = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)

// It is the same whatever the engine: once is enough.
describe.runIf(ENGINE === 'pglite')('without opening anything', () => {
  // A setting that would stop every command that reads the settings.
  const bare = (...args: string[]) =>
    startProcess(args, { GATEHOUSE_DATA_DIR: join(deployment.dataDir, 'absent'), GATEHOUSE_PORT: 'none' })
      .ended

  test.for(['--help', 'tenant --help', 'token create --help'])('gatehouse %s explains itself', async line => {
    const { code, stdout, stderr } = await bare(...line.split(' '))
    expect(stdout).toMatch(/^Usage: gatehouse/)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(existsSync(join(deployment.dataDir, 'absent'))).toBe(false)
  })

  test('the help of a command shows an example', async () => {
    expect((await bare('token', 'create', '--help')).stdout).toMatch(
      /Example:\n +gatehouse token create --tenant/,
    )
  })

  test('--version prints the version alone', async () => {
    const { code, stdout } = await bare('--version')
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(code).toBe(0)
  })

  test.for([
    [['tenat', 'list'], 'tenant'],
    [['tenant', 'lst'], 'list'],
    [['token', 'crate'], 'create'],
    [['tenant', 'list', '--jsn'], '--json'],
  ] as const)('%j is a usage error that suggests %s', async ([args, meant]) => {
    const { code, stdout, stderr } = await bare(...args)
    expect(stderr).toContain(`Did you mean ${meant}?`)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })

  test('a missing argument is a usage error', async () => {
    const { code, stderr } = await bare('tenant', 'show')
    expect(stderr).toContain("missing required argument 'tenant'")
    expect(code).toBe(2)
  })

  test('a tenant is not deleted without --yes', async () => {
    const failure = failureOf(await bare('tenant', 'delete', 'acme', '--confirm', 'acme'))
    expect(failure).toMatchObject({ exit: 2, stdout: '', error: { code: 'invalid_input' } })
    expect(failure.error.message).toContain('--yes')
  })
})

describe('while the server runs', () => {
  let server: RunningProcess
  beforeAll(async () => {
    server = await deployment.start()
    await deployment.json('tenant', 'create', 'acme', '--name', 'Acme Ltd', '--tier', 'pro')
  })
  afterAll(() => stop(server))

  test('a created tenant is listed, shown and can be used at once', async () => {
    const tenants = await deployment.json<Tenant[]>('tenant', 'list')
    expect(tenants).toMatchObject([
      { id: aUuid, slug: 'acme', name: 'Acme Ltd', tier: 'pro', status: 'active' },
    ])
    expect(await deployment.json<Tenant>('tenant', 'show', tenants[0]!.id)).toEqual(tenants[0])
    const acme = mcpCaller(deployment, (await tokenFor('acme')).token)
    const added = await acme.tool<{ document_id: string }>('add_document', {
      title: 'Note',
      content: 'ochre',
    })
    const { hits } = await acme.tool<{ hits: unknown[] }>('search_documents', { query: 'ochre' })
    expect(hits).toMatchObject([{ doc_id: added.document_id, tenant_id: tenants[0]!.id }])
  })

  test('a list for people is a table with a heading', async () => {
    const { code, stdout, stderr } = await deployment.command('tenant', 'list')
    expect(stdout).toMatch(
      /^ID +SLUG +NAME +TIER +STATUS +CREATED_AT\n[0-9a-f-]{36} +acme +Acme Ltd +pro +active /,
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  test('a deleted tenant is gone, and its tokens open nothing', async () => {
    await deployment.json('tenant', 'create', 'short-lived')
    const token = await tokenFor('short-lived')
    const caller = mcpCaller(deployment, token.token)
    await caller.tool('add_document', { title: 'Note', content: 'umber' })
    const removed = await deployment.json(
      'tenant',
      'delete',
      'short-lived',
      '--confirm',
      'short-lived',
      '--yes',
    )
    expect(removed).toMatchObject({ id: aUuid, slug: 'short-lived', status: 'removed' })
    expect((await deployment.json<Tenant[]>('tenant', 'list')).map(({ slug }) => slug)).toEqual(['acme'])
    // By authentication, or by the database while that has not heard of it yet.
    const { text } = await caller.answer('list_documents')
    expect(text).toContain('tenant_inactive')
    expect(text).not.toContain('Note')
  })

  test('a revoked token is refused within two seconds, others go on', async () => {
    const [revoked, other] = [await tokenFor('acme'), await tokenFor('acme')]
    expect(await statusWith(revoked)).toBe(200)
    const { token_id } = await deployment.json<Token>('token', 'revoke', revoked.token_id)
    expect(token_id).toBe(revoked.token_id)
    await until(async () => (await statusWith(revoked)) === 401, 'the revoked token is refused', 2_000)
    expect(await statusWith(other)).toBe(200)
  })

  test('after a rotation new tokens have the new key and old tokens go on; a retired key opens nothing', async () => {
    const before = await tokenFor('acme')
    const { kid, retiring } = await deployment.json<{ kid: string; retiring: string }>('key', 'rotate')
    const after = await tokenFor('acme')
    expect([kidOf(before), kidOf(after)]).toEqual([retiring, kid])
    expect([await statusWith(before), await statusWith(after)]).toEqual([200, 200])
    expect(await publishedKids()).toEqual(new Set([kid, retiring]))

    expect(failureOf(await deployment.command('key', 'retire', kid))).toMatchObject({
      exit: 5,
      error: { code: 'conflict', reason: 'key_is_active' },
    })
    expect(await deployment.json('key', 'retire', retiring)).toEqual({ kid: retiring, status: 'retired' })
    await until(
      async () => (await statusWith(before)) === 401,
      'tokens of the retired key are refused',
      2_000,
    )
    expect(await statusWith(after)).toBe(200)
    expect(await publishedKids()).toEqual(new Set([kid]))
    expect(await deployment.json<Key[]>('key', 'list')).toMatchObject([
      { id: kid, status: 'active', accepted_until: null },
      { id: retiring, status: 'retired', accepted_until: aString },
    ])
  })

  test('no call fails while the seal key is rotated twice', async () => {
    // The tier it has would refuse so many calls.
    await deployment.json('tenant', 'update', 'acme', '--tier', 'standard')
    const acme = mcpCaller(deployment, (await tokenFor('acme')).token)
    const failures: unknown[] = []
    let calls = 0
    let goesOn = true
    const load = async (name: string, args: Record<string, unknown>): Promise<void> => {
      for (; goesOn; calls++) await acme.tool(name, args).catch((error: unknown) => failures.push(error))
    }
    const loads = [
      load('hybrid_search', { query: 'ochre' }),
      load('list_documents', {}),
      load('add_document', { title: 'Under load', content: 'sienna' }),
    ]
    const ids = []
    for (let rotation = 0; rotation < 2; rotation++) {
      ids.push((await deployment.json('key', 'rotate-seal'))['seal_key_id'])
      const soFar = calls
      await until(() => calls > soFar + 20, 'calls go on under the new key')
    }
    goesOn = false
    await Promise.all(loads)
    expect(failures).toEqual([])
    expect(new Set(ids).size).toBe(2)
  })

  test('seeding adds the samples once', async () => {
    const first = await deployment.json<Seeded[]>('seed')
    expect(first.map(({ slug }) => slug)).toEqual(['foldwick', 'penhallow-strake', 'quillon-bay'])
    for (const { added, unchanged } of first) expect([added > 5, unchanged]).toEqual([true, 0])
    const second = await deployment.json<Seeded[]>('seed')
    expect(second).toEqual(first.map(one => ({ ...one, added: 0, unchanged: one.added })))
  })

  test('every list with --json is an array of objects with an id', async () => {
    for (const command of [['tenant', 'list'], ['key', 'list'], ['seed']]) {
      const list = await deployment.json<Record<string, unknown>[]>(...command)
      expect(list.length).toBeGreaterThan(0)
      for (const row of list) expect(row, command.join(' ')).toHaveProperty('id', expect.stringMatching(/./))
    }
  })

  test('a created token says when it ends and what for', async () => {
    expect(await tokenFor('acme', '--ttl', '60', '--scope', 'documents:read')).toMatchObject({
      token: aString,
      token_id: aUuid,
      user: 'ada',
      scopes: ['documents:read'],
      audience: `${deployment.url}/mcp`,
    })
  })

  test.for([
    [['tenant', 'show', 'nobody'], 7, 'not_found', 'nobody'],
    [['token', 'create', '--tenant', 'nobody', '--user', 'ada'], 7, 'not_found', 'nobody'],
    [['key', 'retire', 'key-unknown'], 7, 'not_found', 'key-unknown'],
    [['tenant', 'create', 'acme'], 5, 'conflict', 'acme'],
    [['tenant', 'create', 'Not A Slug'], 2, 'invalid_input', 'slug'],
    [['tenant', 'delete', 'acme', '--confirm', 'other', '--yes'], 2, 'invalid_input', 'nothing was removed'],
    [['token', 'create', '--tenant', 'acme'], 2, 'invalid_input', 'user'],
    [['token', 'create', '--tenant', 'acme', '--user', 'ada', '--ttl', 'soon'], 2, 'invalid_input', 'ttl'],
  ] as const)('%j is refused with code %i and a reason', async ([args, code, faultCode, names]) => {
    const failure = failureOf(await deployment.command(...args))
    expect(failure).toMatchObject({ exit: code, stdout: '', error: { code: faultCode } })
    expect(failure.error.message).toContain(names)
  })
})

describe('while no server runs', () => {
  const leftOpen = () =>
    ['lock', 'socket-path', 'socket/gatehouse.sock'].filter(left =>
      existsSync(join(deployment.dataDir, left)),
    )

  test('every command does its work, leaves nothing open, and the next server knows of it', async () => {
    expect(await deployment.json<Tenant>('tenant', 'create', 'solo')).toMatchObject({
      slug: 'solo',
      status: 'active',
    })
    const ofRetired = await tokenFor('solo')
    const { retiring } = await deployment.json<{ retiring: string }>('key', 'rotate')
    const [ofRetiring, revoked] = [await tokenFor('solo'), await tokenFor('solo')]
    await deployment.json('token', 'revoke', revoked.token_id)
    await deployment.json('key', 'rotate')
    const ofActive = await tokenFor('solo')
    await deployment.json('key', 'retire', retiring)
    await deployment.json('key', 'rotate-seal')
    await deployment.json('tenant', 'delete', 'acme', '--confirm', 'acme', '--yes')
    const slugs = (await deployment.json<Tenant[]>('tenant', 'list')).map(({ slug }) => slug)
    expect(slugs).toEqual(['foldwick', 'penhallow-strake', 'quillon-bay', 'solo'])
    for (const { added } of await deployment.json<Seeded[]>('seed')) expect(added).toBe(0)
    expect(leftOpen()).toEqual([])

    const server = await deployment.start()
    const tokens = [ofRetired, ofRetiring, revoked, ofActive]
    expect(await Promise.all(tokens.map(statusWith))).toEqual([401, 200, 401, 200])
    await stop(server)
  })

  test('a command that fails says why and leaves nothing open', async () => {
    expect(failureOf(await deployment.command('tenant', 'show', 'nobody'))).toMatchObject({
      exit: 7,
      stdout: '',
      error: { code: 'not_found' },
    })
    expect(leftOpen()).toEqual([])
  })

  test('a command that cannot reach its database ends with code 4', async () => {
    const { ended } = deployment.spawn(['tenant', 'list'], {
      DATABASE_URL: 'postgres://app@127.0.0.1:1/gatehouse',
    })
    expect(failureOf(await ended)).toMatchObject({
      exit: 4,
      stdout: '',
      error: { code: 'unavailable', reason: 'database_unreachable' },
    })
  })
})

function kidOf({ token }: Token): unknown {
  return (JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as { kid: unknown }).kid
}

async function publishedKids(): Promise<Set<string>> {
  const response = await fetch(`${deployment.url}/.well-known/jwks.json`)
  const { keys } = (await response.json()) as { keys: { kid: string }[] }
  return new Set(keys.map(({ kid }) => kid))
}
