// Connections of the tests: the administrator's (to make databases and to look behind row-level security) and
// those of the three roles.
import { pgEngine } from '../../src/platform/db/engine/pg-engine.ts'
import type { Engine } from '../../src/platform/db/engine/engine.ts'
import type { Group, Login } from '../../src/platform/db/schema/init-database.ts'

export interface TestTemplate {
  /** A tar of a migrated embedded cluster. */
  readonly snapshot: string
  readonly sealKey: { readonly id: string; readonly secret: string }
  /** Both absent when only the embedded engine is under test. */
  readonly adminUrl?: string
  readonly database?: string
}

const PASSWORD = 'for-tests-on-loopback'
const LOGIN_OF: Record<Group, string> = {
  gatehouse_owner: 'gatehouse_test_owner',
  gatehouse_app: 'gatehouse_test_app',
  gatehouse_worker: 'gatehouse_test_worker',
}

export const TEST_LOGINS: readonly Login[] = Object.entries(LOGIN_OF).map(([group, user]) => ({
  user,
  password: PASSWORD,
  group: group as Group,
}))

/** The URL of a role's login on a test database. */
export function urlOf(adminUrl: string, database: string, group: Group): string {
  const url = new URL(adminUrl)
  url.username = LOGIN_OF[group]
  url.password = PASSWORD
  url.pathname = `/${database}`
  return url.href
}

export function serverEngine(adminUrl: string, database: string, group: Group, poolSize = 4): Engine {
  return engineAt(urlOf(adminUrl, database, group), poolSize)
}

export function adminEngine(adminUrl: string, database?: string): Engine {
  const url = new URL(adminUrl)
  if (database !== undefined) url.pathname = `/${database}`
  return engineAt(url.href, 2)
}

function engineAt(url: string, poolSize: number): Engine {
  return pgEngine({
    url,
    poolSize,
    pooled: false,
    applicationName: 'gatehouse-tests',
    onIdleError: () => undefined,
  })
}
