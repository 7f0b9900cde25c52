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
  const url = await startDockerPostgres(answers)
  return url === undefined ? undefined : server(url, 'Docker')
}

/** The older server, for what has to work on both: there when its tree was built. */
export async function findServer17(): Promise<Server | undefined> {
  return isBuilt(17) ? server(await startPostgres(17), 'npm run postgres') : undefined
}

async function server(url: string, from: string): Promise<Server> {
  try {
    return { url, version: await versionOf(url), from }
  } catch (cause) {
    throw new Error(`the PostgreSQL of ${from} does not answer: ${String(cause)}`, { cause })
  }
}

async function answers(url: string): Promise<boolean> {
  return versionOf(url).then(
    () => true,
    () => false,
  )
}

async function versionOf(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  try {
    await client.connect()
    const { rows } = await client.query<{ server_version: string }>('show server_version')
    return rows[0]?.server_version.split(' ')[0] ?? ''
  } finally {
    await client.end().catch(() => undefined)
  }
}
