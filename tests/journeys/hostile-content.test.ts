// Stored content that would like to be a program: in titles, texts, file names, labels, names of people, groups, keys,
// tenants and tiers, in questions, in a model's answers and in what tasks make. Every view shows it, none obeys it.
import { expect, test } from 'vitest'
import { openScriptedModel, type ScriptedModel } from '../harness/scripted-model.ts'
import { DEPLOYMENT, describeInBrowser, ground, makeTenant } from './ground.ts'
import { HOSTILE_LINES, WHAT_IT_BECAME } from './hostile-lines.ts'
import { open, runTask, type Things, viewsOf } from './views.ts'
import type { Visitor } from './visitor.ts'

const SLUG = 'hostile'
const IMAGE = '<img src=x onerror=alert(1)>'
const short = (line: string, most = 100): string => line.slice(0, most).trim()

describeInBrowser('content that would like to be a program', () => {
  let model: ScriptedModel
  let things: Things
  const it = ground({
    before: async () => {
      model = await openScriptedModel(() => ({
        says: HOSTILE_LINES.flatMap(line => [line.slice(0, 7), line.slice(7), ' [1]\n\n']),
        usage: { prompt_tokens: 900, completion_tokens: 900 },
      }))
      return { OPENAI_BASE_URL: model.url, GATEHOUSE_MODEL: 'openai:hostile' }
    },
  })

  test('UI01 is stored as it is, by everybody who can name something', async () => {
    await it.deployment.json('price', 'set', 'openai:hostile', '--input', '5', '--output', '20')
    const ada = await it.ada(DEPLOYMENT)
    await nameThings(ada)
    await makeTenant(it, ada, { name: IMAGE, slug: SLUG, tier: 'enterprise' })
    things = await makeContent(ada)
    expect(things.taskId).not.toBe('')
    expect(model.asked.length).toBeGreaterThan(0)
  })

  test('UI01 is text in every view: nothing runs, nothing is made of it, nothing is fetched', async () => {
    const views = viewsOf(things)
    const found: string[] = []
    const seen = new Set<string>()
    for (const place of [SLUG, DEPLOYMENT] as const) {
      const ada = await it.ada(place)
      ada.page.on('request', request => {
        if (/pwned|\/x$/.test(request.url())) found.push(`fetched ${request.url()}`)
      })
      for (const { name, path } of views.filter(view => view.place === place)) {
        await open(ada, path)
        const became = await ada.page.evaluate<string[]>(WHAT_IT_BECAME)
        found.push(...[...became, ...ada.complaints.splice(0)].map(words => `${name}: ${words}`))
        // Here it was seen, word for word: that nothing happened is not because nothing was shown.
        if ((await ada.page.locator('body').innerText()).includes(IMAGE)) seen.add(name)
        if (await ada.isTooWide()) found.push(`${name}: too wide`)
      }
    }
    expect(found).toEqual([])
    for (const name of [
      'search',
      'documents',
      'document',
      'ask-answered',
      'task',
      'tasks',
      'costs-labels',
      'users',
    ])
      expect([...seen]).toContain(name)
    for (const name of ['groups', 'keys', 'tenants', 'tiers', 'accounts']) expect([...seen]).toContain(name)
  })

  test('UI01 is text on the forms without a script too, when one comes back with it', async () => {
    const { page } = await it.visit()
    await page.goto('/app/sign-in')
    await page.getByLabel('E-mail').fill(`"><img src=x onerror=alert(1)>@example.com`)
    await page.getByLabel('Password').fill('wrong wrong wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').waitFor()
    expect(await page.getByLabel('E-mail').inputValue()).toContain(IMAGE)
    expect(await page.evaluate<string[]>(WHAT_IT_BECAME)).toEqual([])
  })

  async function nameThings(ada: Visitor): Promise<void> {
    await it.operate(ada, 'set_tier', { tier: 'hostile-tier', name: IMAGE, limit_nano: '1', models: ['*'] })
    await it.operate(ada, 'create_operator_key', { name: IMAGE })
    await it.operate(ada, 'invite_operator', { email: 'eve@example.com', name: IMAGE })
  }

  async function makeContent(ada: Visitor): Promise<Things> {
    await it.operate(ada, 'create_user', { id: 'mallory', name: IMAGE, role: 'member' })
    await it.operate(ada, 'create_group', { name: short(IMAGE, 60) })
    await it.operate(ada, 'create_api_key', { name: IMAGE, scopes: ['documents:read'] })
    await it.operate(ada, 'set_budget', {
      scope: 'user',
      member: 'mallory',
      period: 'month',
      limit_nano: '1',
    })
    const whole = ['# Breach notification', ...HOSTILE_LINES.map(line => `breach notification ${line}`)].join(
      '\n\n',
    )
    for (const [index, line] of HOSTILE_LINES.entries()) {
      const isWhole = index === 2
      await it.operate(ada, 'add_document', {
        title: short(line, 400),
        content: isWhole ? whole : `breach notification ${line}`,
        format: 'markdown',
        name: `${short(line.replaceAll(/[\\/\n]/g, ' '), 80)}.md`,
        labels: [IMAGE],
        collection: IMAGE,
        metadata: { kind: short(line) },
      })
    }
    const { documents } = await it.operate(ada, 'list_documents', { limit: 100 })
    const task = await runTask(it, ada, { question: `breach notification ${IMAGE}?`, label: IMAGE })
    for (const label of HOSTILE_LINES.slice(0, 6))
      await it.operate(ada, 'start_task', { question: `breach ${label}`, label: short(label) })
    return {
      tenant: SLUG,
      query: 'breach notification',
      documentId: documents.find(({ title }) => title === IMAGE)?.document_id ?? '',
      taskId: task.task_id,
      contextId: task.context_id,
    }
  }
})
