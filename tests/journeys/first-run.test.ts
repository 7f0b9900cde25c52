// The first minutes: the printed link, the first account, the first search; then coming back with a password.
import { expect, test } from 'vitest'
import { ADA, describeInBrowser, firstRunLink, ground } from './ground.ts'
import type { Visitor } from './visitor.ts'

const QUESTION = 'right to be forgotten'

describeInBrowser('the first minutes', () => {
  const it = ground({ samples: true, hasAda: false })

  test('lead from the printed link to an account and the first search, and the link works once', async () => {
    const { page } = await it.visit()
    await page.goto(firstRunLink(it.server))
    await page.getByRole('heading', { level: 1, name: 'Make the first account' }).waitFor()
    // The code came with the link, is in its field, and is gone from the address.
    expect(new URL(page.url()).hash).toBe('')
    await page.getByLabel('E-mail').fill(ADA.email)
    await page.getByLabel('Your name').fill(ADA.name)
    await page.getByLabel('New password').fill('short')
    await page.getByRole('button', { name: 'Make the account' }).click()
    await page.getByText('12 characters').waitFor()
    expect(await page.getByLabel('E-mail').inputValue()).toBe(ADA.email)

    await page.getByLabel('New password').fill(ADA.password)
    await page.getByRole('button', { name: 'Make the account' }).click()
    await page.waitForURL('**/app/start')
    await page.getByRole('heading', { name: `Welcome, ${ADA.name}` }).waitFor()
    await page.getByText('Search by vectors: found 5 of the first 5').waitFor()

    await page.getByRole('button', { name: `Search Penhallow Strake LLP for ${QUESTION}` }).click()
    const first = page.getByRole('article', { name: /^Hit 1: GDPR Article 17/ })
    await first.waitFor()
    expect(await first.innerText()).toContain('Penhallow Strake LLP')
    expect(await page.getByLabel('What to search for').inputValue()).toBe(QUESTION)

    await page.goto(firstRunLink(it.server))
    await page.getByLabel('E-mail').fill('eve@example.com')
    await page.getByLabel('Your name').fill('Eve')
    await page.getByLabel('New password').fill(ADA.password)
    await page.getByRole('button', { name: 'Make the account' }).click()
    await page.getByRole('alert').waitFor()
    expect(new URL(page.url()).pathname).toBe('/app/first-run')
  })

  test('are over with a sign-out that takes every tab along; a password leads back', async () => {
    const ada = await it.visit()
    const { page, context } = ada
    await ada.signIn(ADA.email, ADA.password)
    await page.getByRole('heading', { level: 1 }).waitFor()
    const second = await context.newPage()
    await second.goto('/app/account')
    await second.getByRole('heading', { name: 'Your account' }).waitFor()

    await page.getByRole('button', { name: ADA.name }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.waitForURL('**/app/sign-in')
    await second.waitForURL('**/app/sign-in')
    await page.goBack()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(await page.content()).not.toContain(ADA.name)
  })

  test('a wrong password is told beside what was typed, without the password', async () => {
    const { page } = await it.visit()
    await page.goto('/app/sign-in')
    await page.getByLabel('E-mail').fill(ADA.email)
    await page.getByLabel('Password').fill('not the one she chose')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').waitFor()
    expect(await page.getByLabel('E-mail').inputValue()).toBe(ADA.email)
    expect(await page.content()).not.toContain('not the one she chose')
  })

  test('UI05 in the browser: who signs in arrives where they wanted to go, and never on another host', async () => {
    const ada = await it.visit()
    await ada.page.goto(`/app/search?q=${encodeURIComponent(QUESTION)}`)
    await ada.page.waitForURL('**/app/sign-in?next=*')
    await ada.signIn(ADA.email, ADA.password, `/app/search?q=${encodeURIComponent(QUESTION)}`)
    expect(new URL(ada.page.url()).pathname).toBe('/app/search')
    expect(await ada.page.getByLabel('What to search for').inputValue()).toBe(QUESTION)
    // Whoever has a session already is led on by the sign-in page itself.
    for (const next of ELSEWHERE) {
      await ada.page.goto(`/app/sign-in?next=${encodeURIComponent(next)}`)
      expect([next, new URL(ada.page.url()).origin]).toEqual([next, it.url])
    }
    await forget(ada)
    for (const next of ['//evil.example', 'https://evil.example/app']) {
      await ada.signIn(ADA.email, ADA.password, next)
      expect([next, new URL(ada.page.url()).origin]).toEqual([next, it.url])
      await forget(ada)
    }
  })
})

/** As if the browser had never been there. A page that stayed open would notice, and go to sign in by itself. */
async function forget({ page, context }: Visitor): Promise<void> {
  await page.goto('about:blank')
  await context.clearCookies()
}

const ELSEWHERE = [
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/app/../\\evil.example',
  '/%2f%2fevil.example',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  '/app@evil.example',
  '///evil.example',
  '/\t/evil.example',
]
