// `gatehouse attack` on a running server, where it finds nothing, and on servers with one wall taken out, where it must:
// an attack that cannot win proves nothing. On PostgreSQL alone, whose login it attacks too.
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publicDoor } from '../../src/doors.ts'
import type { Gatehouse } from '../../src/gatehouse.ts'
import { SCOPE_NAMES } from '../../src/gate/scopes.ts'
import { loadConfig } from '../../src/platform/config.ts'
import { formatSealKeys } from '../../src/platform/db/seal-keys.ts'
import { asFault, fault } from '../../src/platform/faults.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { attacked } from '../../src/proofs/attack/attack-deployment.ts'
import { ATTACKS } from '../../src/proofs/attack/attacks.ts'
import { listenOnPort } from '../../src/protocols/http/listen.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'
import { ownLogin } from '../harness/own-login.ts'
import { ENGINE, failureOf, openDeployment, until, type Deployment } from './server-process.ts'

interface Report {
  readonly found: number
  readonly held: number
  readonly not_run: number
  readonly attacks: readonly { readonly id: string; readonly verdict: string; readonly happened: string }[]
}

describe.runIf(ENGINE === 'postgres')('on a server as it is started', () => {
  let deployment: Deployment
  beforeAll(async () => {
    deployment = await openDeployment()
    await deployment.start()
  })
  afterAll(() => deployment.close())

  test('nothing is found, everything is run, and both tenants are removed', async () => {
    const { code, stdout, stderr } = await deployment.command('attack', '--json')
    const report = JSON.parse(stdout) as Report
    expect(report.attacks.filter(({ verdict }) => verdict !== 'held')).toStrictEqual([])
    expect(report).toMatchObject({ found: 0, not_run: 0, held: ATTACKS.length })
    expect(code, stderr).toBe(0)
    expect(await deployment.json('tenant', 'list')).toStrictEqual([])
  })

  test('an interrupted run removes its tenants too, and ends with 130', async () => {
    const attack = deployment.spawn(['attack'])
    await until(() => attack.stderr().includes('making the tenant attack-b'), 'the ground is being made')
    attack.signal('SIGINT')
    expect((await attack.ended).code).toBe(130)
    expect(await deployment.json('tenant', 'list')).toStrictEqual([])
  })

  test('a table is printed; ids that do not exist are told', async () => {
    const { code, stdout } = await deployment.command('attack', '--only', 'mc22,RL07')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^MC22 {2}held .*\n.*→ 9 tries: no Access-Control header\nRL07 {2}held/)
    expect(failureOf(await deployment.command('attack', '--only', 'XX99'))).toMatchObject({ exit: 2 })
  })

  test('it ends with 4 where nothing answers, before a tenant is made', async () => {
    const ended = await deployment.command('attack', '--url', 'http://127.0.0.1:9')
    expect(failureOf(ended)).toMatchObject({ exit: 4, error: { reason: 'not_answering' } })
  })
})

type Mutation = (gatehouse: Gatehouse) => Partial<Gatehouse>

describe.runIf(ENGINE === 'postgres')('with one wall taken out', () => {
  let here: TestGatehouse
  beforeAll(async () => {
    here = await openTestGatehouse({ GATEHOUSE_RATE_PER_SECOND: '100000', GATEHOUSE_RATE_BURST: '100000' })
  })
  afterAll(() => here.close())

  /** Ids of the attacks that were successful against the mutated server. */
  async function foundBy(
    ids: readonly string[],
    mutate: Mutation = () => ({}),
    databaseUrl = here.behind!.urls!.app,
  ): Promise<string[]> {
    const { gatehouse } = here
    const config = loadConfig({
      GATEHOUSE_SEAL_KEYS: formatSealKeys(gatehouse.opened.seals.all()),
      GATEHOUSE_PUBLIC_URL: 'http://127.0.0.1:8080',
    })
    const log = createLogger('silent')
    const door = publicDoor(
      { ...gatehouse, ...mutate(gatehouse) },
      { config, log, progress: () => undefined },
    )
    const port = await listenOnPort(door.app, { host: '127.0.0.1', port: 0 })
    try {
      const operator = { run: gatehouse.operate, close: async () => undefined }
      const { outcomes } = await attacked(
        ATTACKS.filter(({ id }) => ids.includes(id)),
        {
          url: new URL(`http://127.0.0.1:${port}`),
          options: { databaseUrl },
          deps: { config, openOperator: async () => operator, pauseMs: 0 },
          signal: AbortSignal.timeout(60_000),
        },
      )
      expect(outcomes.map(({ id }) => id)).toStrictEqual(ids)
      return outcomes.filter(({ verdict }) => verdict === 'found').map(({ id }) => id)
    } finally {
      await door.stop()
    }
  }

  test('a gate that does not authorize: the sweep of routes finds it', async () => {
    const found = await foundBy(['SWEEP-ROUTES'], ({ run }) => ({
      run: (operation, input, principal, context) =>
        run(operation, input, { ...principal, scopes: new Set(SCOPE_NAMES) } as typeof principal, context),
    }))
    expect(found).toStrictEqual(['SWEEP-ROUTES'])
  })

  test('a verifier that does not look at the signature: forged tokens find it', async () => {
    const found = await foundBy(['AU01', 'AU10'], () => ({
      authenticate: async authorization => {
        const claims = decodeJwt(String(authorization).replace(/^bearer /i, '')) as Record<string, unknown>
        return {
          realm: 'tenant',
          tenantId: String(claims['tenant_id']),
          subject: String(claims['sub']),
          scopes: new Set(SCOPE_NAMES),
          tokenId: String(claims['jti']),
          expiresAt: 4_102_444_800,
        }
      },
    }))
    expect(found).toStrictEqual(['AU01', 'AU10'])
  })

  test('answers kept without their tenant: the cache and the canaries find it', async () => {
    const kept = new Map<string, Promise<Record<string, unknown>>>()
    const found = await foundBy(['RL27', 'SWEEP-CANARY'], ({ run }) => ({
      run: (operation, input, principal, context) => {
        if (operation.access === 'write') return run(operation, input, principal, context)
        const key = `${operation.name} ${JSON.stringify(input)}`
        const answer = kept.get(key) ?? run(operation, input, principal, context)
        kept.set(key, answer)
        return answer
      },
    }))
    expect(found).toStrictEqual(['RL27', 'SWEEP-CANARY'])
  })

  test('a refusal that knows of a foreign document: the sweep of objects finds it', async () => {
    const found = await foundBy(['SWEEP-OBJECTS'], ({ run }) => ({
      run: async (operation, input, principal, context) => {
        try {
          return await run(operation, input, principal, context)
        } catch (error) {
          const id = (input as { document_id?: string }).document_id
          if (asFault(error).code !== 'not_found' || id === undefined) throw error
          const rows = await here.behind!.asAdmin('select 1 from app.document where id = $1', [id])
          throw rows.length > 0 ? fault('not_found', { say: 'That is another tenant’s document.' }) : error
        }
      },
    }))
    expect(found).toStrictEqual(['SWEEP-OBJECTS'])
  })

  describe('in the database', () => {
    const asAdmin = (text: string) => here.behind!.asAdmin(text)

    test('one policy dropped', async () => {
      await asAdmin('drop policy own_rows on app.audit')
      try {
        // Nothing can be recorded any more, so no tenant can be filled: what needs none is run all the same.
        expect(await foundBy(['SWEEP-SEARCH', 'RL06'])).toStrictEqual(['RL06'])
      } finally {
        await asAdmin('create policy own_rows on app.audit using (tenant_id = (select app.tenant_id()))')
      }
    })

    test('one table whose rows are shown to everyone', async () => {
      await asAdmin('create policy open on app.term_stat for select using (true)')
      try {
        expect(await foundBy(['RL01', 'RL06'])).toStrictEqual(['RL01', 'RL06'])
      } finally {
        await asAdmin('drop policy open on app.term_stat')
      }
    })

    test('the application’s login made a member of the owner', async () => {
      const login = await ownLogin(here.behind!)
      await asAdmin(`grant gatehouse_owner to ${login.name}`)
      try {
        expect(await foundBy(['RL07', 'RL25'], undefined, login.url)).toStrictEqual(['RL07', 'RL25'])
      } finally {
        await login.drop()
      }
    })
  })
})
