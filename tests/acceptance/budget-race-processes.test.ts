// The race at the limit as a customer would run it: real server processes on one PostgreSQL, a model with a price, a budget
// that ten answers fit into, and a hundred questions at once.
import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { adminEngine } from '../harness/engines.ts'
import type { Engine } from '../../src/platform/db/engine/engine.ts'
import { toWire } from '../../src/platform/db/engine/value-types.ts'
import { faultsInBooks, ledgerOf, windowsOf, type AsAdmin } from '../harness/money-books.ts'
import { setBudget } from '../harness/money-ground.ts'
import { costOf, limitFor, RACE_PRICE, RACE_USAGE, raceToAsk } from '../harness/money-race.ts'
import { openScriptedModel, type ScriptedModel } from '../harness/scripted-model.ts'
import {
  ENGINE,
  freePort,
  openDeployment,
  stop,
  type Deployment,
  type RunningProcess,
} from './server-process.ts'
import { mcpCaller } from './tool-caller.ts'

const MODEL = 'openai:race'

describe.runIf(ENGINE === 'postgres')('a budget that ten answers fit into', () => {
  let model: ScriptedModel
  let deployment: Deployment
  let admin: Engine
  const servers: RunningProcess[] = []
  const urls: string[] = []

  const asAdmin: AsAdmin = async (text, values = []) => {
    const session = await admin.acquire()
    const { rows } = await session.send({ text, values: values.map(toWire) })
    session.release()
    return rows
  }

  beforeAll(async () => {
    model = await openScriptedModel(() => ({ says: ['Outside [1].'], usage: RACE_USAGE }))
    deployment = await openDeployment({
      env: {
        OPENAI_BASE_URL: model.url,
        GATEHOUSE_MODEL: MODEL,
        GATEHOUSE_SEAL_KEYS: `k1:${randomBytes(32).toString('base64url')}`,
        GATEHOUSE_CONCURRENT_PER_TENANT: '1000',
        GATEHOUSE_CONCURRENT_PER_ADDRESS: '1000',
      },
    })
    const { pathname } = new URL(deployment.env['DATABASE_URL'] ?? '')
    admin = adminEngine(inject('template').adminUrl ?? '', pathname.slice(1))
    await asAdmin(
      `insert into app.price (id, model, per_million, origin, created_by)
       values (gen_random_uuid(), $1, $2::jsonb, 'operator', 'test')`,
      [MODEL, JSON.stringify({ input: Number(RACE_PRICE.input), output: Number(RACE_PRICE.output) })],
    )
    servers.push(await deployment.start())
    urls.push(deployment.url)
  })
  afterAll(async () => {
    await Promise.all(servers.map(stop))
    await deployment.close()
    await admin.close()
    await model.close()
  })

  /** A hundred questions to the processes that stand, of a new tenant: what became of them and of its money. */
  async function race(slug: string) {
    const { id } = await deployment.json<{ id: string }>('tenant', 'create', slug)
    const token = await deployment.token(slug)
    const title = 'Harbour rules'
    await mcpCaller(deployment, token).tool('add_document', { title, content: 'Boats wait outside.' })
    await setBudget(asAdmin, id, { limit: limitFor(10n) })
    const before = model.asked.length
    const { ended } = await raceToAsk({ urls, token, calls: 100 })
    const [window] = await windowsOf(asAdmin, id)
    return {
      ended,
      asked: model.asked.length - before,
      charges: (await ledgerOf(asAdmin, id)).length,
      spent: window?.spent,
      held: window?.held,
      wrong: await faultsInBooks(asAdmin, id),
    }
  }
  const exactlyTen = {
    ended: { admitted: 10, budget_exceeded: 90 },
    asked: 10,
    charges: 10,
    spent: costOf(10n),
    held: 0n,
    wrong: [],
  }

  test('BU01 lets exactly ten of 100 questions to one process be answered, and 0 nano too many be spent', async () => {
    expect(await race('one-process')).toStrictEqual(exactlyTen)
  })

  test('BU01 litellm#26672 lets exactly ten of 100 questions to three processes be answered', async () => {
    const ports = [await freePort(), await freePort()]
    for (const port of ports) {
      const folder = join(deployment.dataDir, String(port))
      await mkdir(folder)
      // One address in front of all, which tokens are for.
      const env = { GATEHOUSE_PORT: String(port), GATEHOUSE_DATA_DIR: folder }
      servers.push(await deployment.start({ ...env, GATEHOUSE_PUBLIC_URL: deployment.url }))
      urls.push(`http://127.0.0.1:${port}`)
    }
    expect(await race('three-processes')).toStrictEqual(exactlyTen)
  })
})
