// Every view: nothing that keeps somebody out, in light and dark; nothing that must be scrolled sideways at 360 pixels;
// nothing the browser complains about; and a picture of each.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DEPLOYMENT, describeInBrowser, ground } from './ground.ts'
import type { Visitor } from './visitor.ts'
import { FORMS, makeThings, open, viewsOf, type Things, type View } from './views.ts'

const TENANT = 'penhallow-strake'
const ROUTER = join(import.meta.dirname, '../../web/src/router.tsx')
const NARROW = { width: 360, height: 780 }
const WIDE = { width: 1280, height: 900 }
const ALL_STILL = `new Promise(frame => requestAnimationFrame(() => requestAnimationFrame(frame))).then(() =>
  Promise.allSettled(document.getAnimations().filter(({ effect }) => effect.getTiming().iterations === 1).map(one => one.finished)))`
/** Some thirty views, each three times. */
const SLOW_MS = 300_000
/** What differs between light and dark. */
const COLOURS = ['color-contrast']

test('each address of the router is a view that is looked at', () => {
  const paths = [...readFileSync(ROUTER, 'utf8').matchAll(/^ {2}path: '([^']+)'/gm)].map(([, path]) => path)
  const things: Things = { tenant: TENANT, query: 'a', documentId: '1', taskId: '2', contextId: '3' }
  const looked = new Set(viewsOf(things).map(({ route }) => route))
  expect(paths.length).toBeGreaterThan(15)
  expect(paths.filter(path => !looked.has(path ?? ''))).toEqual([])
})

describeInBrowser('every view', () => {
  const it = ground({ samples: true })

  test(
    'of a tenant is in reach, wide enough and quiet, in light and dark',
    async () => {
      const [one, other] = await Promise.all([it.ada(TENANT), it.ada(TENANT)])
      const views = viewsOf(await makeThings(it, one, TENANT)).filter(({ place }) => place === TENANT)
      const half = Math.ceil(views.length / 2)
      const found = await Promise.all([look(one, views.slice(0, half)), look(other, views.slice(half))])
      expect(found.flat()).toEqual([])
    },
    SLOW_MS,
  )

  test('of the deployment is in reach, wide enough and quiet, in light and dark', async () => {
    const ada = await it.ada(DEPLOYMENT)
    const things: Things = { tenant: TENANT, query: '', documentId: '', taskId: '', contextId: '' }
    const views = viewsOf(things).filter(({ place }) => place === DEPLOYMENT)
    expect(await look(ada, views)).toEqual([])
  })

  test('of somebody who is not signed in is in reach, wide enough and quiet, in light and dark', async () => {
    const views = FORMS.map(path => ({ name: path.replace('/app/', ''), path }))
    expect(await look(await it.visit(), views)).toEqual([])
  })
})

/** What is wrong, a line for each. */
async function look(who: Visitor, views: readonly Pick<View, 'name' | 'path'>[]): Promise<string[]> {
  const wrong: string[] = []
  for (const { name, path } of views) {
    const found = await lookAt(who, name, path)
    wrong.push(...[...found, ...who.complaints.splice(0)].map(words => `${name}: ${words}`))
  }
  return wrong
}

async function lookAt(who: Visitor, name: string, path: string): Promise<string[]> {
  const { page } = who
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(WIDE)
  await open(who, path)
  const inLight = await who.barriers()
  await who.shot(`${name}-light`)
  await page.emulateMedia({ colorScheme: 'dark' })
  // Until what fades from one to the other has faded.
  await page.evaluate(ALL_STILL)
  const inDark = await who.barriers(COLOURS)
  await who.shot(`${name}-dark`)
  await page.setViewportSize(NARROW)
  const isTooWide = await who.isTooWide()
  await who.shot(`${name}-360`)
  return [
    ...inLight,
    ...inDark.map(words => `dark: ${words}`),
    ...(isTooWide ? ['must be scrolled sideways at 360 pixels'] : []),
  ]
}
