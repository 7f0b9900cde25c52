// Which methods the routes of a path take, so that a wrong method gets 405 with Allow and not 404.
import type { RouteOptions } from 'fastify'

export function routeMethods() {
  const byPattern = new Map<string, Set<string>>()
  return {
    add({ url, method }: Pick<RouteOptions, 'url' | 'method'>): void {
      const methods = byPattern.get(url) ?? new Set()
      byPattern.set(url, methods)
      for (const one of [method].flat()) methods.add(one)
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
    pattern.every((part, index) => part.startsWith(':') || part === path[index])
  )
}
