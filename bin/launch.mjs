// Runs a .ts file of this package on whatever Node the host has: fetches Node 24 when that one is older, installs the
// dependencies when they are missing. Plain JavaScript for Node 18 and newer, since it runs before either is there.
import { existsSync, readFileSync } from 'node:fs'
import Module from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildPage } from './build-page.mjs'
import { endAs, runChild } from './child.mjs'
import { install } from './install.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const RELAUNCHED = 'GATEHOUSE_RELAUNCHED'

/** `dependencies`: 'production', or 'all' for scripts that need the tools of development, the page's too. */
export async function launch(script, args, { dependencies, servesPage = false }) {
  endWithParent()
  try {
    if (Number.parseInt(process.versions.node, 10) < 24) return endAs(await repeatOnNode24())
    await install(root, dependencies, 'dependencies')
    if (dependencies === 'all') await install(join(root, 'web'), 'all', 'what the page is built with')
    if (servesPage) await buildPageIfPossible()
  } catch (error) {
    console.error(`gatehouse: ${error.message}`)
    return endAs({ code: 1, signal: error.signal ?? null })
  }
  // In this very process, as if the script had been named on the command line: nobody has to pass on signals,
  // memory is paid once, and import.meta.main is true there.
  process.argv.splice(1, Infinity, join(root, script), ...args)
  Module.runMain()
}

/** Agents need no page: a server whose page cannot be built serves them all the same. */
async function buildPageIfPossible() {
  try {
    await buildPage(root)
  } catch (error) {
    if (error.signal !== undefined) throw error
    console.error(`gatehouse: ${error.message}; everything else starts all the same`)
  }
}

/**
 * A SIGTERM for npm reaches its shell, which dies without passing it on; a SIGKILL for the launcher reaches nobody else.
 * Left behind that way, we drain as if we had got a SIGTERM, instead of holding the port.
 */
function endWithParent() {
  const isRelaunched = process.env[RELAUNCHED] !== undefined
  // For us alone: what we start may well outlive us.
  delete process.env[RELAUNCHED]
  if (!isRelaunched && process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 500)
  watch.unref()
}

/** The command we were started with, once more, under the Node 24 of tools/node24. */
async function repeatOnNode24() {
  const node = await fetchNode24()
  // First on the PATH, so that whatever runs `node` from here on gets this one.
  const env = { ...process.env, [RELAUNCHED]: '1', PATH: `${dirname(node)}${delimiter}${process.env.PATH}` }
  try {
    return await runChild(node, process.argv.slice(1), { stdio: 'inherit', env })
  } catch (error) {
    // It was built for another C library, for one.
    throw new Error(instruction(error.message), { cause: error })
  }
}

async function fetchNode24() {
  const folder = join(root, 'tools', 'node24')
  const system = process.platform === 'win32' ? 'win' : process.platform
  const name = `node-${system}-${process.arch}`
  const { optionalDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  if (!(name in optionalDependencies))
    throw new Error(instruction(`there is no package ${name} to fetch it from`))
  await install(folder, name, `Node 24 (${name})`)
  const node = join(folder, 'node_modules', name, 'bin', system === 'win' ? 'node.exe' : 'node')
  if (!existsSync(node)) throw new Error(instruction(`${node} is missing`))
  return node
}

function instruction(reason) {
  return `this is Node ${process.versions.node}, Gatehouse needs 24 or newer, and ${reason}.
Install Node 24 (nvm install 24, fnm install 24, brew install node@24) and run the same command again.`
}
