// A law firm: a search whose ranking can be understood, an answer whose citations can be opened, and what a matter cost.
import type { Locator } from 'playwright-core'
import { expect, test } from 'vitest'
import { openScriptedModel, type ScriptedModel } from '../harness/scripted-model.ts'
import { describeInBrowser, ground } from './ground.ts'

const FIRM = 'Penhallow Strake LLP'
const SLUG = 'penhallow-strake'
const QUERY = 'data breach notification requirements GDPR Article 33'
const MATTER = 'Client A / M-2024-17'
const QUESTION = 'When must a personal data breach be notified?'

describeInBrowser('a lawyer', () => {
  let model: ScriptedModel
  const it = ground({
    samples: true,
    before: async () => {
      model = await openScriptedModel(({ body: { messages = [] } }) => {
        const asked = JSON.stringify(messages)
        const [quote = ''] = /without undue delay/.exec(asked) ?? []
        return {
          says: ['The authority is told “', quote, '” [1]. ', 'Nobody else is “told by pigeon” [1].'],
          usage: { prompt_tokens: 1_000, completion_tokens: 100 },
        }
      })
      return { OPENAI_BASE_URL: model.url, GATEHOUSE_MODEL: 'openai:scripted' }
    },
  })

  test('finds the three documents on breach notification first, and sees whose and why each is there', async () => {
    const { page } = await it.ada(SLUG)
    await page.goto('/app/search')
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type(QUERY)
    await page.keyboard.press('Enter')
    const hits = page.getByRole('list', { name: 'Hits' }).getByRole('article')
    await hits.first().waitFor()
    // The slider: 60 to the words.
    const slider = page.getByRole('slider', { name: /Weight of the words/ })
    await slider.focus()
    for (let step = 0; step < 2; step++) await page.keyboard.press('ArrowRight')
    await page.waitForURL(/words=60/)
    await expect.poll(() => slider.getAttribute('value')).toBe('60')

    const texts = await hits.allInnerTexts()
    expect(texts.length).toBeGreaterThan(3)
    for (const text of texts) expect(text).toContain(FIRM)
    const titles = await labelsOf(hits)
    const firstThree = titles.slice(0, 3).join('\n')
    expect(firstThree).toMatch(/GDPR Compliance Framework - Article 33/)
    expect(firstThree).toMatch(/Data Breach Response Procedures/)

    const first = hits.first()
    expect(await first.locator('mark').allInnerTexts()).toEqual(expect.arrayContaining(['breach']))
    const words = await first.innerText()
    for (const said of ['BM25', 'cosine', '1st']) expect(words).toContain(said)
    await first.getByRole('img', { name: /^Score .* by words and .* by likeness$/ }).waitFor()
    const scores = await Promise.all(
      (await hits.getByRole('img').all()).map(bar => bar.getAttribute('aria-label')),
    )
    const totals = scores.map(label => Number(/Score ([\d.]+)/.exec(label ?? '')?.[1]))
    expect(totals).toEqual(totals.toSorted((a, b) => b - a))
  })

  test('re-ranks live by the slider, compares the branches, and learns why a document is not there', async () => {
    const { page } = await it.ada(SLUG)
    await page.goto(`/app/search?q=${encodeURIComponent('machien learning policy')}`)
    const hits = page.getByRole('list', { name: 'Hits' }).getByRole('article')
    await hits.first().waitFor()
    // A word that nobody wrote is corrected, and that is said.
    await page.getByText('machine').first().waitFor()
    const order = async () => (await labelsOf(hits)).join()
    const before = await order()
    const slider = page.getByRole('slider', { name: /Weight of the words/ })
    await slider.focus()
    await page.keyboard.press('Home')
    await expect.poll(order).not.toBe(before)
    await page.waitForURL(/words=0/)

    await page.getByRole('button', { name: 'Side by side' }).click()
    await page.waitForURL(/view=compare/)
    for (const name of [/words/i, /likeness/i]) await page.getByRole('heading', { name }).first().waitFor()

    await page.getByRole('button', { name: 'Is a document missing here?' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
  })

  test('asks for a matter, reads checked and unchecked words, and opens the passage that was quoted', async () => {
    await it.deployment.json('price', 'set', 'openai:scripted', '--input', '5', '--output', '20')
    const { page } = await it.ada(SLUG)
    await page.goto('/app/ask')
    await page.getByLabel('Your question').fill(QUESTION)
    await page.getByRole('button', { name: 'Options' }).click()
    await page.getByLabel('Label').fill(MATTER)
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    await page.waitForURL(/context=/)
    // What was quoted right and what was made up look and read differently.
    await page
      .getByRole('button', { name: /^Citation 1, / })
      .first()
      .waitFor()
    await page
      .getByRole('region', { name: 'Not supported by what it cites' })
      .getByText('told by pigeon')
      .waitFor()
    await page
      .getByRole('button', { name: /^Citation 1, / })
      .first()
      .click()
    const quoted = page.getByRole('dialog').locator('blockquote')
    await quoted.waitFor()
    const quote = (await quoted.innerText()).replaceAll(/\s+/g, ' ').slice(0, 60)
    await page.getByRole('link', { name: 'Open at the passage' }).click()
    await page.waitForURL(/\/app\/documents\/[^?]+\?.*version=1/)
    // Until the document is there, the answer before it stands, with marks of its own.
    await page.getByRole('heading', { name: 'Text', exact: true }).waitFor()
    const marked = page.locator('main mark').first()
    await marked.waitFor()
    const shown = (await page.locator('main mark').allInnerTexts()).join(' ').replaceAll(/\s+/g, ' ')
    expect(shown).toContain(quote.trim().split(' ').slice(0, 4).join(' '))
  })

  test('sees what the matter cost, to the cent that the ledger knows', async () => {
    const { page } = await it.ada(SLUG)
    // 1,000 tokens at $5 and 100 at $20 for a million.
    await page.goto('/app/costs?by=label')
    await page.getByRole('row', { name: new RegExp(`${MATTER}.*\\$0\\.007`) }).waitFor()
    expect(model.asked.length).toBe(1)
    await model.close()
  })
})

async function labelsOf(elements: Locator): Promise<string[]> {
  const all = await elements.all()
  return Promise.all(all.map(async one => (await one.getAttribute('aria-label')) ?? ''))
}
