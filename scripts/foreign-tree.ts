// The tests' private Debian: a tree with PostgreSQL, Redis, PgBouncer and nginx, outside the repository. The one place that
// knows where it is, how it is made and how a program of it runs; on the host it changes nothing.
import {
  type ChildProcess,
  execFile,
  execFileSync,
  spawn,
  type SpawnOptions,
  spawnSync,
} from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** PostgreSQL's major version names the tree. */
export type Version = 17 | 18

const RECIPES: Record<Version, { suite: string; packages: readonly string[] }> = {
  18: {
    suite: 'forky',
    packages: ['postgresql-18', 'postgresql-18-pgvector', 'redis-server', 'pgbouncer', 'nginx'],
  },
  17: { suite: 'trixie', packages: ['postgresql-17', 'postgresql-17-pgvector'] },
}

/** Who runs a program, and in which tree: `postgres` in 18 unless said otherwise. */
export interface Place {
  readonly version?: Version
  readonly user?: string
}

/** The tree's folder. Its name holds what it is made of, so that another recipe is another tree. */
export function treeRoot(version: Version = 18): string {
  const recipe = RECIPES[version]
  const mark = createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 8)
  return join(cacheFolder(), `${recipe.suite}-${mark}`)
}

/** A tree gets its name when it is complete. Only root can enter it. */
export function isBuilt(version: Version = 18): boolean {
  return isRoot() && existsSync(treeRoot(version))
}

/** Runs a program of the tree to its end; rejects when it fails. Paths are those inside the tree. */
export async function runInTree(
  program: string,
  args: readonly string[],
  place: Place = {},
): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)('chroot', chrootArguments(program, args, place), { env: ENVIRONMENT })
}

/** Starts a program of the tree. The process is the program itself: a signal to it needs no passing on. */
export function spawnInTree(
  program: string,
  args: readonly string[],
  options: Place & Pick<SpawnOptions, 'stdio'> = {},
): ChildProcess {
  const { stdio = 'inherit', ...place } = options
  return spawn('chroot', chrootArguments(program, args, place), { env: ENVIRONMENT, stdio })
}

/** Nothing of the host's: a PGPORT or an LC_ALL would reach into the tree. */
const ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' }

function chrootArguments(program: string, args: readonly string[], place: Place): string[] {
  const { version = 18, user = 'postgres' } = place
  const identity = [`--reuid=${user}`, `--regid=${user}`, '--init-groups']
  return [treeRoot(version), 'setpriv', ...identity, '--', program, ...args]
}

/** Makes the tree: 400 MB in about 45 s, once. */
export async function buildTree(version: Version): Promise<void> {
  if (isBuilt(version)) return
  const obstacle = obstacleToBuilding()
  if (obstacle !== undefined) throw new Error(obstacle)
  const start = performance.now()
  const root = treeRoot(version)
  console.error(`building a private Debian with PostgreSQL ${version} in ${root} …`)
  installDebootstrap()
  mkdirSync(dirname(root), { recursive: true })

  const { suite, packages } = RECIPES[version]
  const script = join(import.meta.dirname, 'build-tree.sh')
  const args = [`${root}.lock`, 'sh', script, root, suite, mirror(), packages.join(','), String(version)]
  const log = openSync(`${root}.log`, 'a')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' }
  const builder = spawn('flock', args, { env, stdio: ['ignore', log, log] })
  const [code] = (await once(builder, 'exit')) as [number | null]
  closeSync(log)
  if (code !== 0) throw new Error(`the build failed; the end of ${root}.log:\n${tail(`${root}.log`)}`)
  console.error(`built in ${((performance.now() - start) / 1000).toFixed(0)} s`)
}

/** The last lines of a log, for people. */
export function tail(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-15).join('\n')
}

function cacheFolder(): string {
  const chosen = process.env['GATEHOUSE_CACHE_DIR']
  if (chosen !== undefined && chosen !== '') return chosen
  return isRoot() ? '/var/cache/gatehouse' : join(homedir(), '.cache', 'gatehouse')
}

function obstacleToBuilding(): string | undefined {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  const system = /^PRETTY_NAME="?([^"\n]*)/m.exec(release)?.[1] ?? process.platform
  if (isRoot() && /^ID=debian$/m.test(release)) return undefined
  return [
    `a private PostgreSQL can be built by root on Debian only; this is ${isRoot() ? 'root' : 'another user'} on ${system}.`,
    'Instead, set DATABASE_ADMIN_URL to a superuser of a PostgreSQL 17 or 18 that has pgvector,',
    'or have Docker running: npm test then starts a PostgreSQL of its own.',
  ].join('\n')
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}

/** The only thing the host gets. */
function installDebootstrap(): void {
  if (spawnSync('debootstrap', ['--version']).status === 0) return
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  execFileSync('apt-get', ['update', '-qq'], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'debootstrap'], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/** Where this machine gets its packages from. */
function mirror(): string {
  const targets = execFileSync('apt-get', ['indextargets', '--format', '$(SITE)', 'Created-By: Packages'], {
    encoding: 'utf8',
  })
  const [site] = targets
    .split('\n')
    .filter(line => line !== '' && !line.includes('security'))
    .toSorted()
  if (site === undefined) throw new Error('apt-get indextargets names no mirror: are there any apt sources?')
  return site
}
