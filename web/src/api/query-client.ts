// What the page remembers of the server's answers, in memory alone.
import { QueryClient } from '@tanstack/react-query'
import { asProblem } from './problem.ts'

/** Worth another try: the server was away or busy. What it refused it will refuse again. */
const PASSING = new Set(['unavailable', 'timeout'])

export function queryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (count, thrown) => count < 2 && PASSING.has(asProblem(thrown).code),
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false },
    },
  })
}
