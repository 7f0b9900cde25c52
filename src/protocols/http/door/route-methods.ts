// The routes of a server: which methods a path takes, so that a wrong method gets 405 with Allow and not 404, and the
// list of them all, which the sweep over routes and credentials is generated from.
import type { RouteOptions } from 'fastify'

export interface Route {
  readonly method: string
  /** As the router knows it: '/tasks/:id'. */
  readonly path: string
}

export function routeMethods() {
  const byPattern = new Map<string, Set<string>>()
  return {
    add({ url, method }: Pick<RouteOptions, 'url' | 'method'>): void {
      const methods = byPattern.get(url) ?? new Set()
      byPattern.set(url, methods)
      for (const one of [method].flat()) methods.add(one)
    },
    /** Every route there is, by method and pattern; HEAD comes with GET and is left out. */
    all(): readonly Route[] {
      const routes = [...byPattern].flatMap(([path, methods]) =>
        [...methods].map(method => ({ method, path })),
      )
      return routes.filter(({ method }) => method !== 'HEAD')
    },
    of(path: string): readonly string[] {
      const found = [...byPattern].filter(([pattern]) => matches(pattern.split('/'), path.split('/')))
      return [...new Set(found.flatMap(([, methods]) => [...methods]))].toSorted()
    },
  }
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  if (pattern.at(-1) === '*') return matches(pattern.slice(0, -1), path.slice(0, pattern.length - 1))
  return (
    pattern.length === path.length &&
    // A colon that is written twice is one that is meant: /message::send.
    pattern.every((part, index) => /^:(?!:)/.test(part) || part.replaceAll('::', ':') === path[index])
  )
}
