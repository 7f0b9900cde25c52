// Watching an agent: each step before one's eyes, a lost connection that loses nothing, an end by hand, what it made, and
// a question it asks.
import { readFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { defineWorkflow } from '../../src/features/agents/workflows/workflow.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { openCuttingProxy } from '../harness/cutting-proxy.ts'
import { openTestGatehouse } from '../harness/gatehouse.ts'
import { HANG, openScriptedModel, type Script, type ScriptedModel } from '../harness/scripted-model.ts'
import { DEPLOYMENT, describeInBrowser, ground, makeTenant } from './ground.ts'
import { runTask } from './views.ts'

const SLUG = 'penhallow-strake'
const QUESTION = 'When must a breach be notified?'
/** So much of a stream passes before it is cut. */
const SOME = 1_200

describeInBrowser('a task', () => {
  let model: ScriptedModel
  let script: Script = {}
  /** While the network is down, every stream is cut. */
  let isDown = false
  const it = ground({
    samples: true,
    before: async () => {
      model = await openScriptedModel(() => script)
      return { OPENAI_BASE_URL: model.url, GATEHOUSE_MODEL: 'openai:scripted' }
    },
    through: async url => {
      const proxy = await openCuttingProxy(url, {
        isCut: request => request.startsWith('POST /api/follow_task'),
        passes: () => (isDown ? SOME : Number.POSITIVE_INFINITY),
      })
      return proxy.url
    },
  })

  test('is watched live through a lost connection that is shown, and nothing of it is missed', async () => {
    await it.deployment.json('price', 'set', 'openai:scripted', '--input', '5', '--output', '20')
    const gate = Promise.withResolvers<void>()
    script = {
      waits: gate.promise,
      says: Array.from({ length: 40 }, (_, index) => `word${index} `).concat(['[1].']),
      usage: { prompt_tokens: 900, completion_tokens: 60 },
    }
    const ada = await it.ada(SLUG)
    const { page } = ada
    const { task } = await it.operate(ada, 'start_task', { question: QUESTION, label: 'M-7' })
    isDown = true
    await page.goto(`/app/tasks/${task.task_id}`)
    await page.getByText(/Connection lost, trying again/).waitFor()
    gate.resolve()
    isDown = false
    await page.getByText(/Back: nothing was missed\. Events 1 to \d+ are all here/).waitFor()

    const steps = page.getByRole('list', { name: 'Steps' }).getByRole('listitem')
    await expect
      .poll(() => steps.allInnerTexts())
      .toEqual(Array.from({ length: 4 }, () => expect.stringContaining('Done:') as unknown))
    await page.getByText('word39').first().waitFor()
    // Tokens and cost stand at the step that spent them: 900 at $5 and 60 at $20 for a million.
    await steps.filter({ hasText: 'openai:scripted' }).getByText('$0.0057').waitFor()

    await page.goto(`/app/tasks/${task.task_id}?show=events`)
    await page.getByText('without gaps').waitFor()
    const numbers = await page
      .getByRole('list', { name: 'Events' })
      .getByRole('listitem')
      .locator('summary .figures')
      .allInnerTexts()
    expect(numbers.map(Number)).toEqual(Array.from({ length: numbers.length }, (_, index) => index + 1))
    expect(numbers.length).toBeGreaterThan(8)
    expect(numbers.length).toBe(
      (await it.operate(ada, 'get_task', { task_id: task.task_id })).task.last_sequence,
    )
  })

  afterEach(() => {
    isDown = false
  })

  test('is ended by hand after a question, wherever it runs: the model’s answer is hung up on', async () => {
    script = { says: ['It ', HANG] }
    const ada = await it.ada(SLUG)
    const { page } = ada
    await page.goto('/app/ask')
    await page.getByLabel('Your question').fill(QUESTION)
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    await page.getByRole('link', { name: 'How it was done' }).click()
    await page
      .getByRole('listitem')
      .filter({ hasText: 'Running:' })
      .filter({ hasText: 'Write the answer' })
      .waitFor()
    const left = model.left()
    await page.getByRole('button', { name: 'Cancel', exact: true }).click()
    await page.getByRole('button', { name: 'Cancel the task' }).click()
    await page.getByText('It was cancelled').waitFor()
    await expect.poll(() => model.left()).toBe(left + 1)
    await page.getByRole('link', { name: 'Tasks', exact: true }).first().click()
    await page
      .getByRole('row', { name: new RegExp(`${QUESTION.replace('?', '')}.*cancel`, 'i') })
      .first()
      .waitFor()
  })

  test('shows what it made, and what is downloaded is that, to the letter', async () => {
    script = { says: ['Within *72 hours* [1].'], usage: { prompt_tokens: 9, completion_tokens: 9 } }
    const ada = await it.ada(SLUG)
    const { page } = ada
    const { task_id } = await runTask(it, ada, { question: QUESTION })
    const { task } = await it.operate(ada, 'get_task', { task_id })
    const answer = task.artifacts?.find(({ artifact_id }) => artifact_id === 'answer')
    await page.goto(`/app/tasks/${task_id}`)
    await page.getByRole('heading', { name: 'What it made' }).waitFor()
    await page
      .locator('summary')
      .filter({ has: page.locator('bdi').getByText('answer', { exact: true }) })
      .click()
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: /^Download answer/ }).click()
    const text = readFileSync(await (await saved).path(), 'utf8')
    expect(text).toBe(answer?.parts.map(part => part.text ?? '').join(''))
    expect(text).toContain('72 hours')
    await page.locator('main em').filter({ hasText: '72 hours' }).first().waitFor()
    await model.close()
  })
})

/** Asks before it goes on. */
const asking = defineWorkflow({
  name: 'asking',
  title: 'Count the years',
  description: 'Asks for a year.',
  tags: [],
  examples: [],
  input: z.strictObject({ question: z.string() }),
  steps: [{ name: 'count', title: 'Count', after: [], replay: 'safe' }],
  async run(_input, work) {
    const parts = await work.ask('year', 'Which year is meant?')
    await work.step('count', async step => {
      const text = `The year is ${parts.map(part => part.text).join('')}.`
      step.artifact({ id: 'year', name: 'The year', parts: [{ text }] })
      return {}
    })
    return {}
  },
})

describeInBrowser('a task that asks', () => {
  const it = ground({
    async opens() {
      const house = await openTestGatehouse({}, createLogger('silent'), [asking])
      return {
        url: house.url,
        firstRunLink: (await house.gatehouse.accounts.firstRunLink()) ?? '',
        close: () => house.close(),
      }
    },
  })

  test('is answered in the page and goes on with what was said', async () => {
    const ada = await it.ada(DEPLOYMENT)
    await makeTenant(it, ada, { name: 'Acme', slug: 'acme' })
    const { page } = ada
    const { task } = await it.operate(ada, 'start_task', { workflow: 'asking', question: 'How many?' })
    await page.goto(`/app/tasks/${task.task_id}`)
    const asks = page.getByRole('region', { name: 'The task asks' })
    await asks.getByText('Which year is meant?').waitFor()
    await asks.getByLabel('Your answer').fill('1887')
    await asks.getByRole('button', { name: 'Send the answer' }).click()
    await page.getByText('The year is 1887.').first().waitFor()
    await expect.poll(() => asks.count()).toBe(0)
  })
})
