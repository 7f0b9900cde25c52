// `gatehouse doctor` as an operator runs it: a sound deployment has no finding, running or stopped; three broken ones
// have each of theirs, with its fix. (Every single fault: src/proofs/doctor/checks/checks.test.ts.)
import { chmod, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { ownLogin } from '../harness/own-login.ts'
import {
  databaseEnv,
  ENGINE,
  openDeployment,
  stop,
  type Deployment,
  type Env,
  type RunningProcess,
} from './server-process.ts'

interface Finding {
  readonly id: string
  readonly severity: string
  readonly seen: string
  readonly fix?: string
}

let deployment: Deployment
let server: RunningProcess
beforeAll(async () => {
  deployment = await openDeployment()
  server = await deployment.start()
})
afterAll(() => deployment.close())

async function doctor(more: Env = {}, at: Deployment = deployment) {
  const { code, stdout, stderr } = await at.spawn(['doctor', '--json'], more).ended
  const findings = JSON.parse(stdout) as Finding[]
  const wrong = findings.filter(({ severity }) => severity !== 'ok')
  return { code, stderr, text: stdout, findings, wrong, ids: wrong.map(({ id }) => id) }
}

test('a sound deployment has no finding, while its server runs and after it', async () => {
  const running = await doctor()
  expect(running.wrong).toStrictEqual([])
  expect(running.code).toBe(0)
  expect(running.findings.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['port', 'signing-key', 'tenants']),
  )
  expect((await stop(server)).code).toBe(0)
  const stopped = await doctor()
  expect(stopped.wrong).toStrictEqual([])
  expect(stopped.findings.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['catalog', 'migrations', 'clock', 'audit']),
  )
})

describe('three broken ones', () => {
  test('files others can read, a port that is taken: each with its fix, and a warning alone is no failure', async () => {
    const squatter = createServer().listen(deployment.port, '127.0.0.1')
    await chmod(join(deployment.dataDir, 'keys', 'seal'), 0o644)
    await chmod(deployment.dataDir, 0o755)
    try {
      const { code, wrong, ids } = await doctor()
      expect(ids.toSorted()).toStrictEqual(['data-folder-mode', 'port', 'seal-key-mode'])
      expect(wrong.every(({ fix = '' }) => fix.length > 10)).toBe(true)
      expect(code).toBe(8)
    } finally {
      squatter.close()
      await chmod(join(deployment.dataDir, 'keys', 'seal'), 0o600)
      await chmod(deployment.dataDir, 0o700)
    }
    const warned = await doctor({ GATEHOUSE_PROT: '1' })
    expect([warned.ids, warned.code]).toStrictEqual([['configuration'], 0])
    const strict = await deployment.spawn(['doctor', '--strict'], { GATEHOUSE_PROT: '1' }).ended
    expect(strict.code).toBe(8)
    expect(strict.stdout).toMatch(/^warning {2}configuration .*GATEHOUSE_PROT.*\n.*→ Correct or remove/)
  })

  test('a database that is down, its password well known, a secret given twice: findings, no crash, no secret', async () => {
    const down = await doctor({ DATABASE_URL: 'postgres://app:changeme@127.0.0.1:9/gatehouse' })
    expect(down.ids).toStrictEqual(['default-secret', 'database'])
    expect(down.code).toBe(8)
    expect(down.text + down.stderr).not.toContain('changeme')
    const file = join(deployment.dataDir, 'url')
    await writeFile(file, 'postgres://app:hidden-3914@127.0.0.1:9/gatehouse', { mode: 0o600 })
    const twice = await doctor({
      DATABASE_URL: 'postgres://app:hidden-3914@127.0.0.1:9/x',
      DATABASE_URL_FILE: file,
    })
    expect(twice.wrong).toMatchObject([
      { id: 'configuration', seen: expect.stringContaining('keep one') as string },
    ])
    expect(twice.text + twice.stderr).not.toContain('hidden-3914')
  })

  describe.runIf(ENGINE === 'postgres')('a database changed by hand', () => {
    let broken: TestDatabase
    beforeAll(async () => {
      broken = await openTestDatabase()
    })
    afterAll(() => broken.close())

    test('a dropped policy, a function of another version, the owner’s rights, a migration of the future, a stuck tenant', async () => {
      const login = await ownLogin(broken)
      const seals = {
        GATEHOUSE_SEAL_KEYS: `${broken.sealKey.id}:${broken.sealKey.secret.toString('base64url')}`,
      }
      await broken.asAdmin('drop policy own_rows on app.audit')
      await broken.asAdmin(`update app.applied_function set checksum = 'x' where name = 'seal.fn.sql'`)
      await broken.asAdmin(`insert into app.migration (name, checksum) values ('9999-later', 'x')`)
      await broken.asAdmin(
        `insert into app.tenant (id, slug, name, changed_at) values (gen_random_uuid(), 'stuck', 'x', now() - interval '1 day')`,
      )
      await broken.asAdmin(`grant gatehouse_owner to ${login.name}`)
      try {
        const { ids, code } = await doctor({ ...databaseEnv({ ...broken.urls!, app: login.url }), ...seals })
        expect(code).toBe(8)
        expect(ids).toEqual(
          expect.arrayContaining([
            'start-ownership',
            'start-schema-version',
            'catalog',
            'migrations-unknown',
            'functions',
            'signing-key',
            'tenants',
          ]),
        )
      } finally {
        await login.drop()
      }
    })
  })
})
