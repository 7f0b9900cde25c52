// Attacks that need a login of the database: without one they are not run, and say what they would need.
import { notRun, type Attack, type Verdict } from '../attack.ts'
import type { DatabaseGround, Ground } from '../ground/ground.ts'

export const NO_LOGIN = "needs --database-url: the application's own login on the PostgreSQL server"

/** On the two tenants, with the login. */
export function ofDatabase(
  id: string,
  title: string,
  run: (database: DatabaseGround, ground: Ground) => Promise<Verdict>,
): Attack {
  return {
    id,
    title,
    run: async ground => (ground.database === undefined ? notRun(NO_LOGIN) : run(ground.database, ground)),
  }
}

/** With the login alone. */
export function ofLogin(
  id: string,
  title: string,
  run: (database: DatabaseGround) => Promise<Verdict>,
): Attack {
  return { ...ofDatabase(id, title, run), onDatabase: run }
}
