import { QueryClient } from '@tanstack/react-query'
import { createMemoryHistory } from '@tanstack/react-router'
import { expect, test } from 'vitest'
import { pageRouter } from './router.tsx'

/** What an address says to a page, once the router has made sense of it. */
function understood(address: string): unknown {
  const router = pageRouter(new QueryClient())
  router.update({ ...router.options, history: createMemoryHistory({ initialEntries: [`/app${address}`] }) })
  const asked = { to: '.', search: true, _includeValidateSearch: true }
  return router.buildLocation(asked as unknown as Parameters<typeof router.buildLocation>[0]).search
}

test.each([
  '/search?q=[1,2]',
  '/search?q={"toString":1}&weights=1e999',
  '/costs?days={"toString":1}&from={}',
  '/connect?scopes={}&client=__proto__',
  '/audit?from=1e99&to=-1&operation=[]',
  '/tasks?state={}',
  '/search?redirect=https://evil.example',
])('of the address %s nothing reaches the page, which understands none of it', address => {
  expect(understood(address)).toEqual({})
})

test('what is understood stays', () => {
  expect(understood('/search?q=breach&redirect=x')).toEqual({ q: 'breach' })
})
