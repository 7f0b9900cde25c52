// The catalog as it describes itself, without a server: no database, no key and no model is there, and none is asked for.
import { catalog, type CatalogDeps } from '../../src/features/catalog.ts'
import type { Operation } from '../../src/gate/operation.ts'

/**
 * Operations that can be read and must not be run. Whatever a feature is handed is a stand-in that answers itself; what an
 * operation takes and answers must not depend on it.
 */
export function describedCatalog(): readonly Operation[] {
  const standIn: unknown = new Proxy(() => undefined, {
    get: (_target, key) => memberOf(key),
    apply: () => standIn,
  })
  const memberOf = (key: string | symbol): unknown => {
    if (key === Symbol.toPrimitive) return () => ''
    if (key === Symbol.iterator) return () => [].values()
    return standIn
  }
  const known: Record<string | symbol, unknown> = { agents: { workflows: [] } }
  const deps = new Proxy(known, { get: (target, key) => target[key] ?? standIn })
  return catalog(deps as unknown as CatalogDeps)
}
