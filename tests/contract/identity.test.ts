// Tokens and signing keys by outcome: the operations through all stages of a call, their effect at the door.
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SCOPE_NAMES } from '../../src/gate/scopes.ts'
import { ensureSigningKey } from '../../src/features/identity/ensure-signing-key.ts'
import { operations } from '../../src/features/identity/operations.ts'
import { authenticator, type Authenticate } from '../../src/gate/authenticate.ts'
import type { Principal } from '../../src/gate/call.ts'
import { callOpener } from '../../src/gate/open-call.ts'
import { recorder } from '../../src/gate/record.ts'
import { operationRunner } from '../../src/gate/run-operation.ts'
import { tokenTrust, type TokenTrust } from '../../src/gate/tokens/token-trust.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { unpaid } from '../harness/unpaid.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'

const PUBLIC_URL = 'https://gatehouse.test'
const AUDIENCE = `${PUBLIC_URL}/mcp`
const operator: Principal = { realm: 'deployment', subject: 'operator' }
const log = createLogger('silent')

let db: TestDatabase
let dataDir: string
let acme: string
let trust: TokenTrust
let authenticate: Authenticate
let calls = 0

beforeAll(async () => {
  db = await openTestDatabase()
  dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-identity-'))
  acme = await db.createTenant('acme')
  trust = tokenTrust({ database: db.database, log })
  authenticate = authenticator({ trust, issuer: PUBLIC_URL, audience: AUDIENCE })
})
afterAll(async () => {
  await db.close()
  await rm(dataDir, { recursive: true })
})

interface At {
  readonly principal?: Principal
  readonly folder?: string
}
async function run(name: string, input: object = {}, { principal = operator, folder = dataDir }: At = {}) {
  const deps = {
    dataDir: folder,
    publicUrl: PUBLIC_URL,
    database: db.database,
    trust,
    refreshTrust: trust.refresh,
    probeIssuer: async () => [],
  }
  const operation = operations(deps).find(one => one.name === name)!
  const runOperation = operationRunner({
    takeToken: () => undefined,
    record: recorder({ database: db.database, log }),
  })
  const context = { requestId: `request-${++calls}`, signal: AbortSignal.timeout(30_000) }
  return runOperation(
    operation,
    input,
    callOpener({ database: db.database, spendAs: unpaid })(operation, principal, context),
  )
}
const refused = (...asked: Parameters<typeof run>) => run(...asked).catch((error: unknown) => error)
async function newToken(input: object = {}): Promise<{ bearer: string; token: string; token_id: string }> {
  const { token, token_id } = await run('create_token', { tenant: 'acme', user: 'ada', ...input })
  return { bearer: `Bearer ${String(token)}`, token: String(token), token_id: String(token_id) }
}
async function keys(): Promise<{ id: string; status: string; accepted_until: string | null }[]> {
  return (await run('list_signing_keys'))['keys'] as never
}
const activeKid = async (): Promise<string> => (await keys()).find(key => key.status === 'active')!.id
const files = (folder = dataDir): Promise<string[]> => readdir(join(folder, 'keys', 'signing'))
const audited = (operation: string) =>
  db.asAdmin(
    'select subject, object, outcome, fault from app.deployment_audit where operation = $1 order by sequence',
    [operation],
  )

describe('before there is a key', () => {
  test('a token cannot be created, and the caller is told what to do', async () => {
    expect(await refused('create_token', { tenant: 'acme', user: 'ada' })).toMatchObject({
      code: 'conflict',
      reason: 'no_signing_key',
      say: expect.stringContaining('rotate_signing_key') as string,
    })
    expect(await keys()).toEqual([])
  })

  test('several processes that start at once make one key, and keep one file', async () => {
    await Promise.all([1, 2, 3, 4].map(() => ensureSigningKey({ database: db.database, dataDir })))
    expect((await keys()).map(({ status }) => status)).toEqual(['active'])
    expect(await files()).toEqual([`${await activeKid()}.json`])
    await ensureSigningKey({ database: db.database, dataDir })
    expect(await keys()).toHaveLength(1)
  })

  test('nothing of the private half is in the database', async () => {
    const file = JSON.parse(
      await readFile(join(dataDir, 'keys', 'signing', `${await activeKid()}.json`), 'utf8'),
    ) as object
    const [row] = await db.asAdmin('select public_jwk::text from app.signing_key')
    const stored = JSON.parse(String(row?.['public_jwk'])) as object
    expect(Object.keys(stored).toSorted()).toEqual(['e', 'kty', 'n'])
    expect(Object.keys(file)).toEqual(expect.arrayContaining(['d', 'p', 'q', 'dp', 'dq', 'qi']))
  })
})

describe('create_token', () => {
  test('ok: the token opens the door as the tenant and user it was made for', async () => {
    const made = await run('create_token', { tenant: 'acme', user: 'ada@acme.test' })
    await trust.refresh()
    expect(await authenticate(`Bearer ${String(made['token'])}`)).toMatchObject({
      tenantId: acme,
      subject: 'ada@acme.test',
      tokenId: made['token_id'],
      scopes: new Set(['documents:read', 'documents:write', 'tasks:read', 'tasks:write']),
      expiresAt: Date.parse(String(made['expires_at'])) / 1000,
    })
    expect(made).toMatchObject({ tenant_id: acme, user: 'ada@acme.test', audience: AUDIENCE })
  })

  test('ok: the token says all that RFC 9068 and the article ask, and lives an hour unless told otherwise', async () => {
    const { token } = await newToken()
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: await activeKid() })
    const claims = decodeJwt(token)
    expect(claims).toEqual({
      iss: PUBLIC_URL,
      aud: AUDIENCE,
      sub: 'ada',
      user_id: 'ada',
      tenant_id: acme,
      client_id: 'gatehouse-cli',
      scope: 'documents:read documents:write tasks:read tasks:write',
      iat: claims.iat,
      nbf: claims.iat,
      exp: claims.iat! + 3600,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    })
  })

  test('ok: scopes, lifetime and the tenant by id, in any case of its letters', async () => {
    const { token } = await newToken({
      tenant: acme.toUpperCase(),
      scopes: ['timing:read', 'timing:read'],
      ttl_seconds: 60,
    })
    const claims = decodeJwt(token)
    expect(claims).toMatchObject({ tenant_id: acme, scope: 'timing:read', exp: claims.iat! + 60 })
  })

  test('who got which token is on record, the token is not', async () => {
    const { token, token_id } = await newToken()
    const rows = await audited('create_token')
    expect(rows.at(-1)).toEqual({
      subject: 'operator',
      object: `tenant:${acme}/token:${token_id}`,
      outcome: 'ok',
      fault: null,
    })
    expect(JSON.stringify(rows)).not.toContain(token.split('.')[2])
  })

  test.each([
    [{ tenant: 'nobody', user: 'ada' }, 'There is no tenant "nobody".'],
    [{ tenant: uuidv7(), user: 'ada' }, 'There is no tenant'],
    [{ tenant: "x' or true --", user: 'ada' }, 'There is no tenant'],
  ])('not_found: %j', async (input, say) => {
    expect(await refused('create_token', input)).toMatchObject({
      code: 'not_found',
      reason: 'unknown_tenant',
      say: expect.stringContaining(say) as string,
    })
  })

  test('conflict: a tenant that is being removed gets no token', async () => {
    const id = await db.createTenant('leaving')
    await db.asAdmin(`update app.tenant set status = 'removing' where id = $1`, [id])
    expect(await refused('create_token', { tenant: 'leaving', user: 'ada' })).toMatchObject({
      code: 'conflict',
      reason: 'tenant_inactive',
    })
  })

  test.each([
    [{ user: 'ada' }, 'tenant is required'],
    [{ tenant: 'acme' }, 'user is required'],
    [{ tenant: 'acme', user: '' }, 'user'],
    [{ tenant: 'acme', user: 'a\nb' }, 'visible characters'],
    [{ tenant: 'acme', user: 'gatehouse:x' }, 'user: must not begin with gatehouse:, service: or'],
    [{ tenant: 'acme', user: 'service:x' }, 'user: must not begin with'],
    [{ tenant: 'acme', user: 'operator:x' }, 'user: must not begin with'],
    [
      { tenant: 'acme', user: 'ada', scopes: ['documents:admin'] },
      `must be one of ${SCOPE_NAMES.join(', ')}`,
    ],
    [{ tenant: 'acme', user: 'ada', scopes: [] }, 'scopes must not be empty'],
    [{ tenant: 'acme', user: 'ada', ttl_seconds: 0 }, 'between 1 and 86400'],
    [{ tenant: 'acme', user: 'ada', ttl_seconds: 86_401 }, 'between 1 and 86400'],
    [{ tenant: 'acme', user: 'ada', audience: 'smtp' }, 'audience'],
    [{ tenant: 'acme', user: 'ada', tenant_id: 'b' }, 'unknown argument "tenant_id"'],
  ])('invalid_input: %j', async (input, say) => {
    const problem = await refused('create_token', input)
    expect(problem).toMatchObject({ code: 'invalid_input', say: expect.stringContaining(say) as string })
  })

  test('forbidden: no tenant can make tokens, whatever its scopes', async () => {
    const tenant: Principal = {
      realm: 'tenant',
      tenantId: acme,
      subject: 'ada',
      scopes: new Set(['documents:read', 'documents:write', 'create_token']),
      tokenId: 't',
      expiresAt: 0,
    }
    const names = 'create_token revoke_token rotate_signing_key list_signing_keys retire_signing_key'
    for (const name of names.split(' ')) {
      expect(await refused(name, {}, { principal: tenant })).toMatchObject({
        code: 'forbidden',
        reason: 'wrong_realm',
      })
    }
  })

  test('conflict: on a host without the private half the caller is told where to go', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-identity-'))
    expect(await refused('create_token', { tenant: 'acme', user: 'ada' }, { folder })).toMatchObject({
      code: 'conflict',
      reason: 'signing_key_elsewhere',
    })
    await rm(folder, { recursive: true })
  })

  test('a private key that others can read signs nothing', async () => {
    const path = join(dataDir, 'keys', 'signing', `${await activeKid()}.json`)
    await chmod(path, 0o644)
    expect(await refused('create_token', { tenant: 'acme', user: 'ada' })).toMatchObject({
      say: expect.stringContaining('chmod 600') as string,
    })
    await chmod(path, 0o600)
  })
})

describe('revoke_token', () => {
  test.each(['token', 'token_id'] as const)(
    'ok: by %s; the door refuses it at once, and it alone',
    async by => {
      const [one, other] = [await newToken(), await newToken()]
      await trust.refresh()
      await authenticate(one.bearer)
      expect(await run('revoke_token', { [by]: one[by] })).toMatchObject({ token_id: one.token_id })
      await expect(authenticate(one.bearer)).rejects.toMatchObject({
        code: 'unauthenticated',
        reason: 'revoked',
      })
      expect(await authenticate(other.bearer)).toBeDefined()
      expect((await audited('revoke_token')).at(-1)).toMatchObject({
        object: `token:${one.token_id}`,
        outcome: 'ok',
      })
    },
  )

  test('another process learns of it by its next reading, and one that starts later knows it too', async () => {
    const elsewhere = tokenTrust({ database: db.database, log })
    await elsewhere.refresh()
    const { token_id } = await newToken()
    await run('revoke_token', { token_id })
    expect(elsewhere.isRevoked(token_id)).toBe(false)
    await elsewhere.refresh()
    expect(elsewhere.isRevoked(token_id)).toBe(true)
    const later = tokenTrust({ database: db.database, log })
    await later.refresh()
    expect(later.isRevoked(token_id)).toBe(true)
  })

  test('a second revocation never shortens the first', async () => {
    const { token, token_id } = await newToken()
    await run('revoke_token', { token })
    const soon = new Date(Date.now() + 5_000).toISOString()
    await run('revoke_token', { token_id, expires_at: soon })
    const [row] = await db.asAdmin('select expires_at from app.token_revocation where token_id = $1', [
      token_id,
    ])
    expect((row!['expires_at'] as Date).getTime()).toBe(decodeJwt(token).exp! * 1000)
  })

  test('revocations of tokens that ended a year ago are cleared away, no sooner: a task may outlive its token', async () => {
    const { token_id } = await newToken()
    await run('revoke_token', { token_id })
    const end = `update app.token_revocation set expires_at = now() - make_interval(days => $2) where token_id = $1`
    for (const [days, left] of [['364', 1] as const, ['367', 0] as const]) {
      await db.asAdmin(end, [token_id, days])
      await run('revoke_token', { token_id: `another-${days}` })
      const rows = await db.asAdmin('select from app.token_revocation where token_id = $1', [token_id])
      expect(rows).toHaveLength(left)
    }
  })

  test.each([
    [{}, 'give either token, or token_id'],
    [{ token: 'a.b.c', token_id: 'x' }, 'give either token, or token_id'],
    [{ token: 'a.b.c', expires_at: '2099-01-01T00:00:00Z' }, 'give either token, or token_id'],
    [{ token: 'a.b.c' }, 'token is not an access token'],
    [{ token: 'e30.e30.' }, 'token is not an access token'],
    [{ token_id: 'x', expires_at: '2020-01-01T00:00:00Z' }, 'expires_at has passed'],
    [{ token_id: 'x', expires_at: 'tomorrow' }, 'expires_at'],
    [{ token_id: 'x'.repeat(129) }, 'token_id'],
  ])('invalid_input: %j', async (input, say) => {
    const problem = await refused('revoke_token', input)
    expect(problem).toMatchObject({ code: 'invalid_input', say: expect.stringContaining(say) as string })
  })
})

describe('rotate_signing_key and retire_signing_key', () => {
  test('ok: tokens of the old key stay good, new ones are signed by the new key, both are published', async () => {
    const before = await newToken()
    const old = await activeKid()
    const rotated = await run('rotate_signing_key')
    expect(rotated).toEqual({ kid: await activeKid(), retiring: old })
    const after = await newToken()
    expect(decodeProtectedHeader(after.token).kid).toBe(rotated['kid'])
    expect(await authenticate(before.bearer)).toBeDefined()
    expect(await authenticate(after.bearer)).toBeDefined()
    const published = trust.jwks().keys.map(({ kid }) => kid)
    expect(new Set(published)).toEqual(new Set([old, rotated['kid']]))
  })

  test('a key that was rotated out is accepted for as long as its last token can live', async () => {
    const retiring = (await keys()).find(({ status }) => status === 'retiring')!
    const left = Date.parse(retiring.accepted_until!) - Date.now()
    expect(left).toBeGreaterThan(86_400_000 - 60_000)
    expect(left).toBeLessThanOrEqual(86_400_000)
  })

  test('a token of a key made elsewhere a moment ago is good at once', async () => {
    const elsewhere = tokenTrust({ database: db.database, log })
    await elsewhere.refresh()
    await run('rotate_signing_key')
    const { bearer } = await newToken()
    const door = authenticator({ trust: elsewhere, issuer: PUBLIC_URL, audience: AUDIENCE })
    expect(await door(bearer)).toBeDefined()
  })

  test('rotations at the same moment leave one active key, whose private half is here; losers leave no file', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => run('rotate_signing_key')))
    const lost = outcomes.flatMap(outcome =>
      outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
    )
    for (const reason of lost) expect(reason).toMatchObject({ code: 'conflict', reason: 'rotated_meanwhile' })
    const all = await keys()
    expect(all.filter(({ status }) => status === 'active')).toHaveLength(1)
    expect(new Set(await files())).toEqual(new Set(all.map(({ id }) => `${id}.json`)))
    expect(await newToken()).toBeDefined()
  })

  test('conflict: the active key cannot be retired, and the caller is told what to do', async () => {
    const kid = await activeKid()
    expect(await refused('retire_signing_key', { kid })).toMatchObject({
      code: 'conflict',
      reason: 'key_is_active',
      say: `${kid} is the active key, which signs new tokens. Run rotate_signing_key first, then retire ${kid}.`,
    })
    expect(await activeKid()).toBe(kid)
  })

  test('ok: a retired key is refused at once, leaves the key set, and its private half is gone', async () => {
    const { bearer } = await newToken()
    const kid = await activeKid()
    await run('rotate_signing_key')
    await authenticate(bearer)
    expect(await run('retire_signing_key', { kid })).toEqual({ kid, status: 'retired' })
    await expect(authenticate(bearer)).rejects.toMatchObject({ code: 'unauthenticated', reason: 'invalid' })
    expect(trust.jwks().keys.map(key => key.kid)).not.toContain(kid)
    expect(await files()).not.toContain(`${kid}.json`)
    expect((await keys()).find(({ id }) => id === kid)).toMatchObject({ status: 'retired' })
    expect(await run('retire_signing_key', { kid })).toEqual({ kid, status: 'retired' })
  })

  test.each(['key-unknown', '../../etc/passwd'])('a key that is not there: %s', async kid => {
    const problem = await refused('retire_signing_key', { kid })
    expect(problem).toMatchObject({ code: kid.includes('/') ? 'invalid_input' : 'not_found' })
  })

  test('who rotated and retired what is on record', async () => {
    expect((await audited('rotate_signing_key')).at(-1)).toMatchObject({
      object: `signing_key:${await activeKid()}`,
      outcome: 'ok',
    })
    const outcomes = (await audited('retire_signing_key')).map(({ outcome, fault }) => [outcome, fault])
    expect(outcomes).toContainEqual(['refused', 'conflict'])
    expect(outcomes).toContainEqual(['ok', null])
  })
})
