// The command line as an operator uses it, while the server runs and while none does: what it prints, where, and the
// code it ends with.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  openDeployment,
  startProcess,
  stop,
  until,
  type Deployment,
  type Finished,
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
const isUUID = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)

/** The failure: a sentence and one JSON line on standard error, nothing on standard output. */
function expectFailure({ code, stdout, stderr }: Finished, expected: { code: number; error: object }): void {
  expect(stdout).toBe('')
  const lines = stderr.trimEnd().split('\n')
  const { error } = JSON.parse(lines.at(-1)!) as { error: { message: string } }
  expect(error).toMatchObject(expected.error)
  expect(stderr).toContain(`gatehouse: ${error.message.split('\n')[0]!}`)
  expect(code).toBe(expected.code)
}

describe('without opening anything', () => {
  // A setting that would stop every command that reads the settings.
  const bare = (...args: string[]) =>
    startProcess(args, { GATEHOUSE_DATA_DIR: join(deployment.dataDir, 'absent'), GATEHOUSE_PORT: 'none' }).ended

  test.for([['--help'], ['tenant', '--help'], ['token', 'create', '--help'], ['serve', '--help']])(
    'gatehouse %j explains itself',
    async args => {
      const { code, stdout, stderr } = await bare(...args)
      expect(stdout).toMatch(/^Usage: gatehouse/)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(existsSync(join(deployment.dataDir, 'absent'))).toBe(false)
    },
  )

  test('the help of a command shows an example', async () => {
    expect((await bare('token', 'create', '--help')).stdout).toMatch(/Example:\n +gatehouse token create --tenant/)
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
    expectFailure(await bare('tenant', 'delete', 'acme', '--confirm', 'acme'), {
      code: 2,
      error: { code: 'invalid_input', message: expect.stringContaining('--yes') },
    })
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
    expect(tenants).toMatchObject([{ id: isUUID, slug: 'acme', name: 'Acme Ltd', tier: 'pro', status: 'active' }])
    expect(await deployment.json<Tenant>('tenant', 'show', tenants[0]!.id)).toEqual(tenants[0])
    const acme = mcpCaller(deployment, (await tokenFor('acme')).token)
    const added = await acme.tool<{ document_id: string }>('add_document', { title: 'Note', content: 'ochre' })
    const { hits } = await acme.tool<{ hits: unknown[] }>('search_documents', { query: 'ochre' })
    expect(hits).toMatchObject([{ doc_id: added.document_id, tenant_id: tenants[0]!.id }])
  })

  test('a list for people is a table with a heading', async () => {
    const { code, stdout, stderr } = await deployment.command('tenant', 'list')
    expect(stdout).toMatch(/^ID +SLUG +NAME +TIER +STATUS +CREATED_AT\n[0-9a-f-]{36} +acme +Acme Ltd +pro +active /)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  test('a deleted tenant is gone, and its tokens open nothing', async () => {
    await deployment.json('tenant', 'create', 'short-lived')
    const token = await tokenFor('short-lived')
    const caller = mcpCaller(deployment, token.token)
    await caller.tool('add_document', { title: 'Note', content: 'umber' })
    const removed = await deployment.json('tenant', 'delete', 'short-lived', '--confirm', 'short-lived', '--yes')
    expect(removed).toMatchObject({ id: isUUID, slug: 'short-lived', status: 'removed' })
    expect((await deployment.json<Tenant[]>('tenant', 'list')).map(({ slug }) => slug)).toEqual(['acme'])
    const { text, error } = await caller.answer('list_documents')
    expect(error, text).toMatchObject({ code: 'forbidden', reason: 'tenant_inactive' })
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

    expectFailure(await deployment.command('key', 'retire', kid), {
      code: 5,
      error: { code: 'conflict', reason: 'key_is_active' },
    })
    expect(await deployment.json('key', 'retire', retiring)).toEqual({ kid: retiring, status: 'retired' })
    await until(async () => (await statusWith(before)) === 401, 'tokens of the retired key are refused', 2_000)
    expect(await statusWith(after)).toBe(200)
    expect(await publishedKids()).toEqual(new Set([kid]))
    expect(await deployment.json<Key[]>('key', 'list')).toMatchObject([
      { id: kid, status: 'active', accepted_until: null },
      { id: retiring, status: 'retired', accepted_until: expect.any(String) },
    ])
  })

  test('no call fails while the seal key is rotated twice', async () => {
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

  test.for([['tenant', 'list'], ['key', 'list'], ['seed']])(
    'gatehouse %j --json is an array of objects with an id',
    async command => {
      const list = await deployment.json<Record<string, unknown>[]>(...command)
      expect(list.length).toBeGreaterThan(0)
      for (const row of list) expect(row).toHaveProperty('id', expect.stringMatching(/./))
    },
  )

  test('a created token says when it ends and what for', async () => {
    expect(await tokenFor('acme', '--ttl', '60', '--scope', 'documents:read')).toMatchObject({
      token: expect.stringMatching(/^ey/),
      token_id: isUUID,
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
    [['tenant', 'create', 'tiers', '--tier', 'gold'], 2, 'invalid_input', 'tier'],
    [['tenant', 'delete', 'acme', '--confirm', 'other', '--yes'], 2, 'invalid_input', 'nothing was removed'],
    [['token', 'create', '--user', 'ada'], 2, 'invalid_input', 'tenant'],
    [['token', 'create', '--tenant', 'acme'], 2, 'invalid_input', 'user'],
    [['token', 'create', '--tenant', 'acme', '--user', 'ada', '--ttl', 'soon'], 2, 'invalid_input', 'ttl'],
    [['token', 'create', '--tenant', 'acme', '--user', 'ada', '--scope', 'all'], 2, 'invalid_input', 'scopes'],
  ] as const)('%j ends with code %i and says why', async ([args, code, faultCode, names]) => {
    const message = expect.stringContaining(names)
    expectFailure(await deployment.command(...args), { code, error: { code: faultCode, message } })
  })
})

describe('while no server runs', () => {
  test('every command does its work, leaves nothing open, and the next server knows of it', async () => {
    await deployment.json('tenant', 'create', 'solo')
    expect(await deployment.json<Tenant>('tenant', 'show', 'solo')).toMatchObject({ slug: 'solo', status: 'active' })
    const [kept, revoked] = [await tokenFor('solo'), await tokenFor('solo')]
    await deployment.json('token', 'revoke', revoked.token_id)
    const { retiring } = await deployment.json<{ retiring: string }>('key', 'rotate')
    const later = await tokenFor('solo')
    await deployment.json('key', 'rotate-seal')
    await deployment.json('tenant', 'delete', 'acme', '--confirm', 'acme', '--yes')
    const slugs = (await deployment.json<Tenant[]>('tenant', 'list')).map(({ slug }) => slug)
    expect(slugs).not.toContain('acme')
    for (const { added } of await deployment.json<Seeded[]>('seed')) expect(added).toBe(0)
    for (const left of ['lock', 'socket-path', 'socket/gatehouse.sock'])
      expect(existsSync(join(deployment.dataDir, left)), left).toBe(false)

    const first = await deployment.start()
    expect([await statusWith(kept), await statusWith(later), await statusWith(revoked)]).toEqual([200, 200, 401])
    await stop(first)
    await deployment.json('key', 'retire', retiring)
    const second = await deployment.start()
    expect([await statusWith(kept), await statusWith(later)]).toEqual([401, 200])
    await stop(second)
  })

  test('a command that fails says why and leaves nothing open', async () => {
    expectFailure(await deployment.command('tenant', 'show', 'nobody'), { code: 7, error: { code: 'not_found' } })
    expect(existsSync(join(deployment.dataDir, 'lock'))).toBe(false)
  })

  test('a command that cannot reach its database ends with code 4', async () => {
    const { ended } = deployment.spawn(['tenant', 'list'], { DATABASE_URL: 'postgres://app@127.0.0.1:1/gatehouse' })
    expectFailure(await ended, { code: 4, error: { code: 'unavailable', reason: 'database_unreachable' } })
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
