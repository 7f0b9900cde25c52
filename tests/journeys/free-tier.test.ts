// A small vendor on the free tier: stopped by its budget with words that help, sees all it spent nevertheless, moves up a
// tier by itself, and goes on. What it exports is what the server computes.
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openScriptedModel, type ScriptedModel } from '../harness/scripted-model.ts'
import { describeInBrowser, ground } from './ground.ts'

const SLUG = 'foldwick'
const MODEL = 'openai:llama3.2'
const QUESTION = 'How long are backups kept?'

describeInBrowser('a vendor on the free tier', () => {
  let model: ScriptedModel
  const it = ground({
    samples: true,
    before: async () => {
      model = await openScriptedModel(() => ({
        says: ['Backups are kept for a while [1].'],
        usage: { prompt_tokens: 3_000, completion_tokens: 500 },
      }))
      return { OPENAI_BASE_URL: model.url, GATEHOUSE_MODEL: MODEL }
    },
  })

  test('asks until its budget is used up, and is told what is used up, until when, and what helps', async () => {
    // An answer costs $0.16 of the $0.50 that are free; the fourth does not fit.
    await it.deployment.json('price', 'set', MODEL, '--input', '50', '--output', '20')
    const { page } = await it.ada(SLUG)
    for (let asked = 0; asked < 3; asked++) {
      await ask(page)
      await page
        .getByRole('button', { name: /^Citation 1/ })
        .last()
        .waitFor()
    }
    await page.goto('/app/ask')
    await page.getByLabel('Your question').fill(QUESTION)
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    const refusal = page.getByRole('alert')
    await refusal.waitFor()
    for (const said of [
      /monthly budget leaves no room/,
      /\$0\.48 of \$0\.50/,
      /free again at/,
      /next tier is Pro/,
    ])
      expect(await refusal.innerText()).toMatch(said)
    await refusal.getByRole('link', { name: 'See the costs' }).waitFor()
    expect(await page.getByLabel('Your question').inputValue()).toBe(QUESTION)
    expect(model.asked.length).toBe(3)
  })

  test('still sees everything: what is spent, by whom, on which model, and when there is room again', async () => {
    const ada = await it.ada(SLUG)
    const { page } = ada
    await page.goto('/app/costs')
    await page
      .getByText(/used up/)
      .first()
      .waitFor()
    const report = await it.operate(ada, 'get_cost_report', { by: 'model' })
    expect(report.total.requests).toBe(3)
    await page.getByRole('row', { name: new RegExp(`${MODEL}.*\\$0\\.48`) }).waitFor()
    await page.goto('/app/costs?by=user')
    await page
      .getByRole('row', { name: /Ada Loveday.*\$0\.48/ })
      .or(page.getByRole('row', { name: /ada@example\.com.*\$0\.48/ }))
      .first()
      .waitFor()
    await page
      .getByText(/Resets/)
      .first()
      .waitFor()
    // What costs nothing goes on.
    await page.goto('/app/search?q=backups')
    await page.getByRole('article', { name: /^Hit 1: / }).waitFor()
  })

  test('exports what the server computes: report and ledger, as the command line prints them', async () => {
    const ada = await it.ada(SLUG)
    const { page } = ada
    await page.goto('/app/costs')
    const csv = await exported(page, 'Report as CSV')
    const json = JSON.parse(await exported(page, 'Report as JSON')) as { total: { cost_nano: string } }
    const computed = await it.operate(ada, 'get_cost_report', { by: 'model' })
    expect(json.total.cost_nano).toBe(computed.total.cost_nano)
    expect(csv).toContain(MODEL)

    const ledger = await exported(page, 'Ledger as CSV')
    const printed = await it.deployment.command('cost', 'export', '--tenant', SLUG, '--csv')
    expect(printed.code).toBe(0)
    expect(ledger.trim()).toBe(printed.stdout.trim())
    expect(ledger.trim().split('\n').length).toBe(4)
  })

  test('moves up a tier and goes on from the next question', async () => {
    const { page } = await it.ada(SLUG)
    await page.goto('/app/costs')
    await page
      .getByRole('button', { name: /^Upgrade to Pro/ })
      .first()
      .click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('$0.50').first().waitFor()
    await dialog.getByRole('button', { name: 'Upgrade to Pro' }).click()
    await page.getByText('The tenant is in the tier Pro now.').waitFor()
    await ask(page)
    await page
      .getByRole('button', { name: /^Citation 1/ })
      .last()
      .waitFor()
    expect(model.asked.length).toBe(4)
    await model.close()
  })
})

async function ask(page: Page): Promise<void> {
  await page.goto('/app/ask')
  await page.getByLabel('Your question').fill(QUESTION)
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.waitForURL(/context=/)
}

/** What was saved, as text. */
async function exported(page: Page, item: string): Promise<string> {
  await page.getByRole('button', { name: 'Export' }).click()
  const saved = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: item }).click()
  return readFileSync(await (await saved).path(), 'utf8')
}
