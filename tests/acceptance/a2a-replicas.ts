// Two replicas of one deployment, as real processes behind one public address, with a few documents and a model on loopback
// that waits until the test lets it speak: for tests of what clients see of one task on either.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { openScriptedModel } from '../harness/scripted-model.ts'
import { freePort, openDeployment, until, type Deployment } from './server-process.ts'
import { mcpCaller } from './tool-caller.ts'

export interface Replicas {
  /** The first one is where cards point to. */
  readonly urls: readonly [string, string]
  readonly deployment: Deployment
  /** For the agent, of a user of the tenant with documents or of the other one. */
  readonly tokens: Readonly<Record<'ada' | 'bob' | 'otherAda', string>>
  /** The input that makes a task wait for the model, beside its question. */
  readonly held: { readonly model: string }
  /** Resolves when so many tasks wait for the model. */
  waiting(count: number): Promise<void>
  /** The model answers everybody who waits, and whoever asks from now on. */
  release(): void
  /** From now on who asks the model waits again. */
  hold(): void
  close(): Promise<void>
}

export const QUESTION = 'Which breach must be notified within 72 hours?'
const MODEL = 'openai:slow'
const DOCUMENTS = [
  ['Breaches', 'A personal data breach must be notified to the authority within 72 hours.'],
  ['Deadlines', 'An appeal must be lodged within thirty days of the decision.'],
] as const

export async function openReplicas(): Promise<Replicas> {
  let gate = Promise.withResolvers<void>()
  let waits = 0
  const model = await openScriptedModel(() => {
    waits++
    return {
      says: ['A personal data breach ', '[1].'],
      usage: { prompt_tokens: 10, completion_tokens: 10 },
      waits: gate.promise.then(() => void waits--),
    }
  })
  const second = await freePort()
  const deployment = await openDeployment({
    env: {
      GATEHOUSE_SEAL_KEYS: `k1:${randomBytes(32).toString('base64url')}`,
      OPENAI_BASE_URL: model.url,
    },
  })
  const one = { GATEHOUSE_PUBLIC_URL: deployment.url }
  await deployment.start(one)
  await deployment.start({
    ...one,
    GATEHOUSE_PORT: String(second),
    GATEHOUSE_DATA_DIR: join(deployment.dataDir, 'second'),
  })
  for (const slug of ['acme', 'other']) await deployment.json('tenant', 'create', slug)
  await deployment.json('price', 'set', MODEL, '--input', '0', '--output', '0')
  const caller = mcpCaller(deployment, await deployment.token('acme'))
  for (const [title, content] of DOCUMENTS) await caller.tool('add_document', { title, content })
  const token = async (tenant: string, user: string): Promise<string> => {
    const asked = ['--tenant', tenant, '--user', user, '--audience', 'a2a']
    return (await deployment.json<{ token: string }>('token', 'create', ...asked)).token
  }
  return {
    urls: [deployment.url, `http://127.0.0.1:${second}`],
    deployment,
    tokens: {
      ada: await token('acme', 'ada'),
      bob: await token('acme', 'bob'),
      otherAda: await token('other', 'ada'),
    },
    held: { model: MODEL },
    waiting: count => until(() => waits >= count, `${count} tasks wait for the model`),
    release: () => gate.resolve(),
    hold: () => {
      gate = Promise.withResolvers()
    },
    async close() {
      gate.resolve()
      await deployment.close()
      await model.close()
    },
  }
}
