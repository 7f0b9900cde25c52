// The PostgreSQL servers that `npm test` runs against, and how it comes by them.
import pg from 'pg'
import { startDockerPostgres } from './docker-postgres.ts'
import { isBuilt } from './foreign-tree.ts'
import { startPostgres } from './postgres.ts'

export interface Server {
  /** The superuser's. */
  readonly url: string
  /** As the server itself says it, such as 18.6. */
  readonly version: string
  readonly from: string
}

/** The server for all tests: the one we are told, else our own tree's, else one in Docker. */
export async function findServer(): Promise<Server | undefined> {
  const told = process.env['DATABASE_ADMIN_URL']
  if (told !== undefined && told !== '') return server(told, 'DATABASE_ADMIN_URL')
  if (isBuilt(18)) return server(await startPostgres(18), 'npm run postgres')
  const url = await startDockerPostgres(async candidate => (await versionOf(candidate)) !== undefined)
  return url === undefined ? undefined : server(url, 'Docker')
}

/** The older server, for what has to work on both: there when its tree was built. */
export async function findServer17(): Promise<Server | undefined> {
  return isBuilt(17) ? server(await startPostgres(17), 'npm run postgres') : undefined
}

async function server(url: string, from: string): Promise<Server> {
  const version = await versionOf(url)
  if (version === undefined) throw new Error(`no PostgreSQL answers at ${new URL(url).host} (${from})`)
  return { url, version, from }
}

async function versionOf(url: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  try {
    await client.connect()
    const { rows } = await client.query<{ version: string }>(`select split_part(version(), ' ', 2) as version`)
    return rows[0]?.version
  } catch {
    return undefined
  } finally {
    await client.end().catch(() => undefined)
  }
}
