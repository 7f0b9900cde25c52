// Going from one tenant to another: nothing of the first is left, in no tab, in no memory, on no line.
import type { Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { HANG, openScriptedModel, type ScriptedModel } from '../harness/scripted-model.ts'
import { describeInBrowser, goTo, ground } from './ground.ts'
import { open } from './views.ts'

const FROM = { slug: 'penhallow-strake', name: 'Penhallow Strake LLP' }
const TO = { slug: 'foldwick', name: 'Foldwick, Inc.' }
/** What only the firm's documents say. */
const THEIRS = /Penhallow|Ardenmoor|A-2041/

describeInBrowser('going to another tenant', () => {
  let model: ScriptedModel | undefined
  const it = ground({
    samples: true,
    // It never comes to an end: whoever follows the task stays on the line.
    before: async () => {
      model = await openScriptedModel(() => ({ says: ['It ', HANG] }))
      return { OPENAI_BASE_URL: model.url, GATEHOUSE_MODEL: 'openai:slow' }
    },
  })
  afterAll(() => void model?.close())

  test('UI06 leaves nothing of the first one on the page, in its memory or open to the server, in every tab', async () => {
    await it.deployment.json('price', 'set', 'openai:slow', '--input', '1', '--output', '1')
    const ada = await it.ada(FROM.slug)
    const { page, context } = ada
    const second = await context.newPage()
    await open(ada, '/app/search?q=client')
    await page.getByRole('article', { name: /^Hit 1: / }).waitFor()
    const { task } = await it.operate(ada, 'start_task', { question: 'Who is the client of matter A-2041?' })
    const followed = second.waitForRequest('**/api/follow_task')
    await second.goto(`/app/tasks/${task.task_id}`)
    const stream = await followed
    const ended = second.waitForEvent('requestfailed', request => request === stream)
    await second.getByRole('listitem').filter({ hasText: 'Running:' }).waitFor()
    expect(await second.content()).toMatch(THEIRS)

    await page.getByRole('button', { name: /^You are in / }).click()
    await page.getByRole('menuitem').or(page.getByRole('menuitemradio')).filter({ hasText: TO.name }).click()
    for (const one of [page, second]) {
      await one.getByRole('button', { name: `You are in ${TO.name}. Go elsewhere` }).waitFor()
      await expect.poll(() => one.getByText(/^Loading /).count()).toBe(0)
      expect(await withoutMenus(one)).not.toMatch(THEIRS)
    }
    // The line on which the second tab was told of the firm's task is cut.
    await ended

    // Back leads to the same question, asked of the other tenant.
    await page.goto('/app/search?q=client')
    await page
      .getByText(new RegExp(`in ${TO.name}|No document`))
      .first()
      .waitFor()
    expect(await withoutMenus(page)).not.toMatch(THEIRS)
  })

  test('UI06 behind the back of a page makes its next question nobody’s: it begins anew where one is by then', async () => {
    const ada = await it.ada(FROM.slug)
    const { page } = ada
    await open(ada, '/app/search')
    // As another device would, without this browser's tabs being told.
    await goTo(ada, TO.slug)
    await page.getByLabel('What to search for').fill('client')
    const refused = page.waitForResponse(response => response.url().endsWith('/api/hybrid_search'))
    await page.keyboard.press('Enter')
    expect((await refused).status()).toBe(409)
    await page.getByRole('button', { name: `You are in ${TO.name}. Go elsewhere` }).waitFor()
    expect(await withoutMenus(page)).not.toMatch(THEIRS)
  })
})

/** The page without the names of the tenants one may go to. */
async function withoutMenus(page: Page): Promise<string> {
  return page.locator('main').innerHTML()
}
