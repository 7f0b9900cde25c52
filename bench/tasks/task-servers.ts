// Real server processes of chosen roles on one database, with a tenant, its documents and a token for /a2a.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, outputOf, startServer, type RunningServer } from './start-process.ts'

type Env = Readonly<Record<string, string>>

export interface TaskServers {
  /** The first of them, which is spoken to. */
  readonly port: number
  /** In the order of the roles. */
  readonly pids: readonly string[]
  /** A new tenant with `documents` that can be searched; a token of a user of it for /a2a. */
  createTenant(slug: string, documents: readonly string[]): Promise<{ id: string; token: string }>
  stop(): Promise<void>
}

export interface ServersWanted {
  readonly roles: readonly string[]
  readonly settings: Env
  /** Where CPU profiles of the processes go; none without. */
  readonly profileTo?: string | undefined
}

export async function startTaskServers({ roles, settings, profileTo }: ServersWanted): Promise<TaskServers> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'))
  const ports = await Promise.all(roles.map(freePort))
  const first = ports[0] ?? 0
  const envAt = (port: number, role: string): NodeJS.ProcessEnv => ({
    ...environment(folder, port),
    GATEHOUSE_PUBLIC_URL: `http://127.0.0.1:${first}`,
    GATEHOUSE_ROLE: role,
    ...settings,
  })
  const profiling = profileTo === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileTo}`]
  const servers: RunningServer[] = []
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map(server => server.stop()))
    await rm(folder, { recursive: true, force: true })
  }
  try {
    for (const [at, role] of roles.entries()) {
      const port = ports[at] ?? 0
      await mkdir(join(folder, String(port)))
      servers.push(await startServer(envAt(port, role), profiling))
    }
  } catch (error) {
    await stop()
    throw error
  }
  return {
    port: first,
    pids: servers.map(({ pid }) => pid),
    createTenant: (slug, documents) =>
      createTenant(slug, documents, { folder, env: envAt(first, roles[0] ?? '') }),
    stop,
  }
}

/** The limiters work, and are out of reach. */
function environment(folder: string, port: number): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    GATEHOUSE_DATA_DIR: join(folder, String(port)),
    GATEHOUSE_PORT: String(port),
    GATEHOUSE_SAMPLES: 'off',
    GATEHOUSE_RATE_PER_SECOND: '1000000',
    GATEHOUSE_RATE_BURST: '1000000',
    GATEHOUSE_CONCURRENT_PER_ADDRESS: '10000',
    GATEHOUSE_CONCURRENT_PER_TENANT: '10000',
    LOG_LEVEL: 'warn',
  }
}

async function createTenant(
  slug: string,
  documents: readonly string[],
  { folder, env }: { readonly folder: string; readonly env: NodeJS.ProcessEnv },
): Promise<{ id: string; token: string }> {
  const answer = async (...args: string[]) =>
    JSON.parse(await outputOf([...args, '--json'], env)) as Record<string, unknown>
  const { id } = await answer('tenant', 'create', slug)
  const files = join(folder, slug)
  await mkdir(files)
  for (const [at, text] of documents.entries()) await writeFile(join(files, `${at + 1}.md`), text)
  if (documents.length > 0) await outputOf(['ingest', files, '--tenant', slug, '--quiet'], env)
  const ofAda = ['--tenant', slug, '--user', 'ada', '--audience', 'a2a']
  const { token } = await answer('token', 'create', ...ofAda)
  return { id: String(id), token: String(token) }
}
