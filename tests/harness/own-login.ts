// A login of one test's own. Roles are the cluster's, which other test files use at the same time: what is granted to
// a shared login is granted to their servers too.
import { randomBytes } from 'node:crypto'
import type { TestDatabase } from './database.ts'

export interface OwnLogin {
  readonly name: string
  /** The test database's, as this login. */
  readonly url: string
  drop(): Promise<void>
}

/** A new member of the application's role. On a server only. */
export async function ownLogin(db: TestDatabase): Promise<OwnLogin> {
  const name = `gatehouse_probe_${randomBytes(6).toString('hex')}`
  const url = new URL(db.urls!.app)
  await db.asAdmin(`create role ${name} login password '${decodeURIComponent(url.password)}'`)
  await db.asAdmin(`grant gatehouse_app to ${name}`)
  url.username = name
  return {
    name,
    url: url.href,
    drop: async () => {
      await db.asAdmin(`drop owned by ${name}`)
      await db.asAdmin(`drop role ${name}`)
    },
  }
}
