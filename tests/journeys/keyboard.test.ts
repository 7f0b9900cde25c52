// With the keyboard alone: from signing in through a search to a passage and back. Where one is can always be seen.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { ADA, describeInBrowser, ground } from './ground.ts'

describeInBrowser('the keyboard alone', () => {
  const it = ground({ samples: true })

  test('signs in, finds, opens a hit and comes back, and the focus is seen at every step', async () => {
    const { page } = await it.visit()
    await page.goto('/app/sign-in')
    await reach(page, 'E-mail')
    await page.keyboard.type(ADA.email)
    await reach(page, 'Password')
    await page.keyboard.type(ADA.password)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Search' }).waitFor()

    // The first stop leads past the navigation.
    await page.keyboard.press('Tab')
    expect(await focused(page)).toMatchObject({ name: 'Skip to the content', isSeen: true })
    await page.keyboard.press('/')
    expect(await focused(page)).toMatchObject({ name: 'What to search for' })
    await page.keyboard.type('right to be forgotten')
    await page.keyboard.press('Enter')
    await page.getByRole('article', { name: /^Hit 1: / }).waitFor()

    for (const name of [/^Search$/, /Weight of the words/, /^Filters$/, /^Side by side$/])
      await reach(page, name)
    await page.keyboard.press('Escape')
    await page.locator('main').focus()
    await page.keyboard.press('j')
    const first = await focused(page)
    await page.keyboard.press('j')
    const second = await focused(page)
    expect(second.name).not.toBe(first.name)
    await page.keyboard.press('k')
    expect(await focused(page)).toMatchObject({ name: first.name, isSeen: true })
    await page.keyboard.press('Enter')
    await page.waitForURL('**/app/documents/*')
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await page.evaluate('document.activeElement?.id')).toBe('main')
    await page.goBack()
    await page.waitForURL('**/app/search?*')
    await page.getByRole('article', { name: /^Hit 1: / }).waitFor()
  })

  test('goes everywhere by g and a letter, opens and closes menus, and gets the focus back', async () => {
    const { page } = await it.ada('penhallow-strake')
    await page.goto('/app/search')
    await page.getByRole('heading', { level: 1, name: 'Search' }).waitFor()
    for (const [key, title] of [
      ['d', 'Documents'],
      ['a', 'Ask'],
      ['t', 'Tasks'],
      ['c', 'Costs'],
      ['n', 'Connect'],
      ['u', 'Users'],
      ['k', 'API keys'],
      ['l', 'Audit'],
    ] as const) {
      await page.keyboard.press('g')
      await page.keyboard.press(key)
      await page.getByRole('heading', { level: 1, name: title }).waitFor()
    }
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' })
    await page.goto('/app/search')
    await page.getByRole('heading', { level: 1, name: 'Search' }).waitFor()
    await reach(page, /^You are in /)
    await page.keyboard.press('Enter')
    await page.getByRole('menu').waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Escape')
    await expect.poll(async () => (await focused(page)).name).toMatch(/^You are in /)
  })

  test('never loses the focus nor hides it, at each stop of each page', async () => {
    const { page } = await it.ada('penhallow-strake')
    for (const path of [
      '/app/search?q=gdpr',
      '/app/documents',
      '/app/ask',
      '/app/costs',
      '/app/connect',
      '/app/users',
    ]) {
      await page.goto(path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await expect.poll(() => page.getByText(/^Loading /).count()).toBe(0)
      for (let stop = 0; stop < STOPS; stop++) {
        await page.keyboard.press('Tab')
        const { name, tag, isSeen } = await focused(page)
        // After the last stop the browser's own frame has it.
        if (tag === 'BODY') break
        expect([path, stop, name, isSeen]).toEqual([path, stop, name, true])
      }
    }
  })
})

const STOPS = 45

interface Focused {
  readonly name: string
  readonly tag: string
  /** It is in sight, has a size, and something is drawn around it (or it is one that is typed into). */
  readonly isSeen: boolean
}

async function focused(page: Page): Promise<Focused> {
  return page.evaluate<Focused>(`(() => {
    const one = document.activeElement
    const box = one.getBoundingClientRect()
    const drawn = [one, one.parentElement, one.closest('article, li, label')].some(element => {
      if (element === null) return false
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element)
      return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0) || boxShadow !== 'none'
    })
    const inSight = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
    const label = one.labels?.[0]?.textContent ?? one.getAttribute('aria-label') ?? one.textContent
    return { name: (label ?? '').trim(), tag: one.tagName, isSeen: inSight && drawn && box.width + box.height > 0 }
  })()`)
}

/** Tab until it is there. */
async function reach(page: Page, name: string | RegExp): Promise<void> {
  const seen: string[] = []
  for (let stop = 0; stop < STOPS; stop++) {
    await page.keyboard.press('Tab')
    const { name: found } = await focused(page)
    seen.push(found)
    if (typeof name === 'string' ? found === name : name.test(found)) return
  }
  throw new Error(`${String(name)} was not among the stops: ${seen.join(' | ')}`)
}
