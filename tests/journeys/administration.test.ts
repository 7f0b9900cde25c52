// Looking after a tenant: somebody is invited and comes, a key works and is shown once, the audit tells who did what and
// that nobody changed it; and connecting a program with what the page hands out.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, inject, test } from 'vitest'
import { DEPLOYMENT, describeInBrowser, ground } from './ground.ts'

const run = promisify(execFile)
const SLUG = 'penhallow-strake'
const GUEST = { email: 'noor@example.com', name: 'Noor Haddad', password: 'eleven quiet herons' }

describeInBrowser('an admin', () => {
  const it = ground({ samples: true })

  test('invites somebody, who comes by the link in a browser of their own and may do what a reader may', async () => {
    const { page } = await it.ada(SLUG)
    await page.goto('/app/users')
    await page.getByRole('button', { name: 'Add somebody' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('E-mail').fill(GUEST.email)
    await dialog.getByRole('button', { name: 'Make the invitation' }).click()
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    const link = await page
      .getByRole('dialog')
      .locator('code')
      .filter({ hasText: '/app/invitation#' })
      .innerText()
    await page.getByRole('button', { name: 'I have copied it' }).click()
    await page.getByRole('link', { name: 'Invitations' }).click()
    await page.getByRole('row', { name: new RegExp(GUEST.email) }).waitFor()

    const { page: theirs } = await it.visit()
    await theirs.goto(link)
    await theirs.getByLabel('Your name').fill(GUEST.name)
    await theirs.getByLabel('Password').fill(GUEST.password)
    await theirs.getByRole('button', { name: 'Accept' }).click()
    await theirs.getByRole('button', { name: 'You are in Penhallow Strake LLP. Go elsewhere' }).waitFor()
    const entries = await theirs.getByRole('navigation', { name: 'Main' }).getByRole('link').allInnerTexts()
    expect(entries).toContain('Search')
    for (const entry of ['Users', 'Audit']) expect(entries).not.toContain(entry)
    await theirs.goto('/app/users')
    await theirs.getByRole('heading', { level: 1 }).waitFor()
    expect(await theirs.locator('main').innerText()).not.toContain('Eleanor')

    await page.goto('/app/users')
    await page.getByRole('row', { name: new RegExp(GUEST.name) }).waitFor()
  })

  test('makes a key that works at once, is shown once, and is refused once it is revoked', async () => {
    const { page } = await it.ada(SLUG)
    await page.goto('/app/keys')
    await page.getByRole('button', { name: 'New API key' }).first().click()
    await page.getByLabel('What is it for').fill('nightly import')
    await page.getByRole('button', { name: 'Create the key' }).click()
    const made = page.getByRole('dialog').filter({ hasText: 'It is shown this once' })
    await made.waitFor()
    expect(await made.locator('code').first().innerText()).toContain('••••')
    await made.getByRole('button', { name: 'Show', exact: true }).click()
    const key = await made.locator('code').first().innerText()
    await made.getByRole('button', { name: 'I have copied it' }).click()
    await made.waitFor({ state: 'hidden' })
    expect(await page.content()).not.toContain(key)

    expect(await tools(it.url, key)).toContain('hybrid_search')
    await page
      .getByRole('row', { name: /nightly import/ })
      .getByRole('button', { name: /^Revoke/ })
      .click()
    await page.getByRole('button', { name: 'Revoke the key' }).click()
    await expect.poll(() => tools(it.url, key)).toEqual([])
  })

  test('finds in the audit who did it, and that the record is as it was written', async () => {
    const { page } = await it.ada(SLUG)
    await page.goto('/app/audit')
    await page.getByLabel('Operation').fill('create_api_key')
    await page.getByRole('button', { name: 'Filter', exact: true }).click()
    await page.waitForURL(/operation=create_api_key/)
    const rows = page.getByRole('region', { name: 'Rows of the audit' }).getByRole('row')
    await expect.poll(() => rows.count()).toBe(2)
    expect(await rows.nth(1).innerText()).toMatch(/ada@example\.com[\s\S]*create_api_key[\s\S]*ok/)
    await page.getByRole('button', { name: 'Verify now' }).first().click()
    await page.getByText(/Verified: [\d,]+ rows are as they were written/).waitFor()
  })

  test('hands out a token whose command runs as it is, and tries the connection from the page', async () => {
    const { page, context } = await it.ada(SLUG)
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.goto('/app/connect?client=curl')
    await page.getByRole('button', { name: 'Make a token' }).click()
    await page.getByRole('button', { name: 'Make another' }).waitFor()
    // What is copied has the token in it, whatever is shown.
    await page.getByRole('button', { name: 'Copy Search' }).click()
    const command = await page.evaluate<string>('navigator.clipboard.readText()')
    expect(command).toMatch(/^curl .*Bearer [\w.-]{40}/s)
    const { stdout } = await run('sh', ['-c', command])
    expect(stdout).toContain('doc_id')

    await page.getByRole('button', { name: 'Test the connection' }).click()
    await page.getByText('It works.').waitFor()
    await page.getByRole('button', { name: 'End it now' }).click()
    await page.getByRole('button', { name: 'Make a token' }).waitFor()
    expect((await run('sh', ['-c', command])).stdout).not.toContain('doc_id')
  })

  // Sixty attacks with real attackers take their time: once is enough, and the server is the faster engine.
  test.runIf(inject('engine') === 'postgres')(
    'attacks the deployment and sees each attack come to nothing',
    async () => {
      const { page } = await it.ada(DEPLOYMENT)
      await page.goto('/app/isolation')
      await page.getByRole('button', { name: 'Run the attacks' }).click()
      await page.getByRole('progressbar', { name: 'Attacks done' }).waitFor()
      await page.getByText(/All \d+ attacks that ran came to nothing/).waitFor({ timeout: 100_000 })
      const saved = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Report as JSON' }).click()
      const report = JSON.parse(readFileSync(await (await saved).path(), 'utf8')) as {
        found: number
        held: number
      }
      expect(report.found).toBe(0)
      expect(report.held).toBeGreaterThan(50)
    },
  )
})

/** What the key's owner is offered over MCP; nothing when it is refused. */
async function tools(url: string, key: string): Promise<string[]> {
  const answer = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
  })
  return [...(await answer.text()).matchAll(/"name":"(\w+)"/g)].map(([, name = '']) => name)
}
