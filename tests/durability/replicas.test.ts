// Two replicas of one deployment: they start at once on an empty database, and what one is told the other knows.
import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  databaseEnv,
  ENGINE,
  freePort,
  freshDatabase,
  openDeployment,
  serving,
  until,
  type Deployment,
  type Env,
  type FreshDatabase,
  type RunningProcess,
} from '../acceptance/server-process.ts'
import { mcpCaller } from '../acceptance/tool-caller.ts'

describe.runIf(ENGINE === 'postgres')('two replicas', () => {
  let fresh: FreshDatabase
  let deployment: Deployment
  let env: Env
  let ports: readonly [number, number]
  const servers: RunningProcess[] = []

  beforeAll(async () => {
    deployment = await openDeployment()
    fresh = await freshDatabase()
    ports = [await freePort(), await freePort()]
    env = {
      ...databaseEnv(fresh.urls),
      // One address in front of both; one seal.
      GATEHOUSE_PUBLIC_URL: `http://127.0.0.1:${ports[0]}`,
      GATEHOUSE_SEAL_KEYS: `k1:${randomBytes(32).toString('base64url')}`,
    }
    const init = deployment.spawn(['init-database'], { ...env, DATABASE_ADMIN_URL: fresh.adminUrl })
    const { code, stderr } = await init.ended
    if (code !== 0) throw new Error(stderr)
  })
  afterAll(async () => {
    await deployment.close()
    await fresh.drop()
  })

  const folderOf = (port: number) => join(deployment.dataDir, String(port))
  const envOf = (port: number): Env => ({
    ...env,
    GATEHOUSE_PORT: String(port),
    GATEHOUSE_DATA_DIR: folderOf(port),
  })
  const at = (port: number, token: string) => mcpCaller({ url: `http://127.0.0.1:${port}` }, token)
  async function command(port: number, ...args: string[]): Promise<Record<string, unknown>> {
    const { code, stdout, stderr } = await deployment.spawn([...args, '--json'], envOf(port)).ended
    expect(code, stderr).toBe(0)
    return JSON.parse(stdout) as Record<string, unknown>
  }

  test('start at once on an empty database, and each migration is applied once', async () => {
    await Promise.all(ports.map(port => mkdir(folderOf(port))))
    const started = ports.map(port => deployment.spawn(['serve'], envOf(port)))
    servers.push(...(await Promise.all(started.map(serving))))
    const migrated = servers.flatMap(server =>
      [...server.stderr().matchAll(/^migrated (\S+)$/gm)].map(([, name]) => name),
    )
    expect(migrated.length).toBeGreaterThan(5)
    expect(migrated).toHaveLength(new Set(migrated).size)
  })

  // One of them made the signing key: only there can tokens be signed.
  let signer = 0
  let token: { token: string; token_id: string }

  test('serve the same tenants and documents, and take each other’s tokens', async () => {
    await command(ports[0], 'tenant', 'create', 'acme')
    const asked = ['token', 'create', '--tenant', 'acme', '--user', 'ada', '--json']
    const answers = await Promise.all(ports.map(port => deployment.spawn(asked, envOf(port)).ended))
    signer = answers.findIndex(({ code }) => code === 0)
    expect(answers.filter(({ code }) => code === 0)).toHaveLength(1)
    expect(answers.find(({ code }) => code !== 0)!.stderr).toContain('is not in this data folder')
    token = JSON.parse(answers[signer]!.stdout) as typeof token
    const [first, second] = [at(ports[0], token.token), at(ports[1], token.token)]
    const { document_id } = await first.tool<{ document_id: string }>('add_document', {
      title: 'Shared',
      content: 'gamboge',
    })
    expect(await second.tool('search_documents', { query: 'gamboge' })).toMatchObject({
      hits: [{ doc_id: document_id }],
    })
  })

  test('a token revoked at one is refused by the other within two seconds', async () => {
    await command(ports[signer]!, 'token', 'revoke', token.token_id)
    const other = at(ports[1 - signer]!, token.token)
    await until(async () => (await other.answer('list_documents')).status === 401, 'it is refused', 2_000)
    expect((await at(ports[signer]!, token.token).answer('list_documents')).status).toBe(401)
  })

  test('when one is killed the other goes on', async () => {
    const fresher = await command(ports[signer]!, 'token', 'create', '--tenant', 'acme', '--user', 'bob')
    servers[signer]!.signal('SIGKILL')
    await servers[signer]!.ended
    const survivor = at(ports[1 - signer]!, String(fresher['token']))
    expect(await survivor.list()).toHaveLength(1)
    await survivor.tool('add_document', { title: 'Afterwards', content: 'orpiment' })
    expect(await survivor.list()).toHaveLength(2)
  })
})
