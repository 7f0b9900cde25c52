// A PostgreSQL in a container, for machines that have Docker. It goes when this process goes.
import { execFileSync, spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

const IMAGE = 'pgvector/pgvector:pg18'
const PATIENCE_MS = 60_000

/** The superuser's URL once `answers` agrees; undefined when no Docker engine is there. */
export async function startDockerPostgres(
  answers: (url: string) => Promise<boolean>,
): Promise<string | undefined> {
  if (spawnSync('docker', ['info'], { stdio: 'ignore' }).status !== 0) return undefined
  const options = ['--detach', '--publish=127.0.0.1::5432', '--env=POSTGRES_HOST_AUTH_METHOD=trust']
  const container = docker(
    'run',
    ...options,
    IMAGE,
    '-c',
    'max_connections=200',
    '-c',
    'shared_buffers=256MB',
  )
  process.once('exit', () => docker('rm', '--force', '--volumes', container))

  const [address] = docker('port', container, '5432/tcp').split('\n')
  const url = `postgres://postgres@${address ?? ''}/postgres`
  // While the image prepares its cluster, the port accepts connections and drops them.
  for (const start = Date.now(); !(await answers(url)); await sleep(200))
    if (Date.now() - start > PATIENCE_MS)
      throw new Error(`the container of ${IMAGE} does not answer at ${url}`)
  return url
}

function docker(...args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()
}
