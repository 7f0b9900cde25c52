// Installs what a folder's package-lock.json lists, once: only when something is missing, never twice at the same time.
import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { runChild } from './child.mjs'
import { oneAtATime } from './one-at-a-time.mjs'

/** The lockfile npm writes when all packages are in place. */
const LAST_WORD = join('node_modules', '.package-lock.json')

/** `what`: 'production', 'all', or the name of one optional package; `title` says it to people. */
export async function install(folder, what, title) {
  if (isInstalled(folder, what)) return
  const waiting = 'another launch is installing; waiting for it …'
  await oneAtATime(join(folder, '.install-lock'), waiting, async () => {
    // Another launch may have done it while this one waited.
    if (isInstalled(folder, what)) return
    const start = Date.now()
    console.error(`gatehouse: installing ${title} …`)
    await runNpm(folder, what)
    if (!isInstalled(folder, what))
      throw new Error(`npm did not install in ${folder} what package-lock.json lists`)
    console.error(`gatehouse: installed in ${((Date.now() - start) / 1000).toFixed(1)} s`)
  })
}

/**
 * Compares the lockfile with npm's last word, so that an interrupted install does not count and one made by hand does.
 * A packed release ships no lockfile: there npm has installed everything beside us.
 */
function isInstalled(folder, what) {
  const wanted = packagesIn(join(folder, 'package-lock.json'))
  const present = packagesIn(join(folder, LAST_WORD))
  return Object.entries(wanted)
    .filter(([path, entry]) => path !== '' && isNeeded(path, entry, what))
    .every(([path, { version }]) => present[path]?.version === version)
}

function isNeeded(path, { optional, dev, devOptional }, what) {
  if (what === 'all') return !optional && !devOptional
  if (what === 'production') return !optional && !devOptional && !dev
  return path === `node_modules/${what}`
}

function packagesIn(lockfile) {
  try {
    return JSON.parse(readFileSync(lockfile, 'utf8')).packages
  } catch (error) {
    if (error.code === 'ENOENT') return {}
    throw error
  }
}

/**
 * Like `npm ci`, which cannot be used: it refuses a lockfile without the packages of every platform, and some of our tools
 * have packages that not every registry carries. isInstalled() makes up for the comparison `npm ci` would have done.
 */
async function runNpm(folder, what) {
  // An interrupted install leaves half-written packages, which npm would take for whole ones: without npm's last word
  // all goes. With it packages are only added, so that a server running from here keeps what it has yet to load.
  const lastWord = join(folder, LAST_WORD)
  rmSync(existsSync(lastWord) ? lastWord : join(folder, 'node_modules'), { recursive: true, force: true })
  // What is installed, and where, is said here, where it beats the npm_config_* of an npm around us, NODE_ENV and
  // every .npmrc; how to reach the registry is left to them.
  const mode = ['--no-save', '--ignore-scripts', '--no-dry-run', '--no-global', '--no-workspaces']
  const layout = ['--package-lock', '--no-package-lock-only', '--install-strategy=hoisted', '--bin-links']
  const kinds = [
    what === 'production' ? '--omit=dev' : '--include=dev',
    '--include=optional',
    '--include=peer',
  ]
  const words = ['--no-audit', '--no-fund', '--loglevel=error']
  const [program, ...npm] = findNpm()
  const args = [...npm, 'install', `--prefix=${folder}`, ...mode, ...layout, ...kinds, ...words]
  // npm reports to stdout, which belongs to the command we are about to run.
  const options = { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] }
  const { code, asked } = await runChild(program, args, options)
  if (asked !== null) throw Object.assign(new Error('interrupted while installing'), { signal: asked })
  if (code !== 0) throw new Error(`npm failed in ${folder}; it says why above`)
}

/** npm is a JavaScript program: run by the Node that runs us, it cannot meet one that is too old on the PATH. */
function findNpm() {
  const folders = [...(process.env.PATH ?? '').split(delimiter), dirname(process.execPath)]
  const cli = [process.env.npm_execpath]
    .concat(folders.flatMap(folder => [join(folder, 'npm'), join(folder, 'node_modules/npm/bin/npm-cli.js')]))
    .map(realPath)
    .find(path => basename(path) === 'npm-cli.js')
  // A shim of a version manager knows the way itself.
  return cli === undefined ? ['npm'] : [process.execPath, cli]
}

function realPath(path) {
  try {
    return realpathSync(path)
  } catch {
    return ''
  }
}
