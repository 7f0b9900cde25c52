// Builds the page, web/dist, when it is missing or older than its sources: never twice at once, and never half.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { runChild } from './child.mjs'
import { install } from './install.mjs'
import { oneAtATime } from './one-at-a-time.mjs'
import { licenceTexts } from './page-packages.mjs'

/** Holds the hash of what a build was made of. */
const STAMP = '.made-of'
/** Folders and files of the server that hold what the page takes too: pure rules, and the way it is spoken to. */
export const SHARED_WITH_PAGE = [
  'src/protocols/client',
  'src/features/retrieval/ranking',
  'src/features/retrieval/query/folded.ts',
  'src/gate/scopes.ts',
  'src/gate/sign-in/password-rules.ts',
  'src/protocols/exports/audit-csv.ts',
  'src/protocols/exports/csv-cell.ts',
]
const TEXT = /\.(?:js|css|svg)$/

/** Throws when it cannot be built; what was there before stays. A packed release ships the page without its sources. */
export async function buildPage(root) {
  const web = join(root, 'web')
  if (!existsSync(join(web, 'package.json')) || isFresh(root)) return
  await install(web, 'all', 'what the page is built with')
  const waiting = 'another launch is building the page; waiting for it …'
  await oneAtATime(join(web, '.build-lock'), waiting, async () => {
    // Another launch may have done it while this one waited.
    if (isFresh(root)) return
    const start = Date.now()
    console.error('gatehouse: building the page …')
    await build(web, hashOfSources(root))
    console.error(`gatehouse: built in ${((Date.now() - start) / 1000).toFixed(1)} s`)
  })
}

function isFresh(root) {
  const stamp = join(root, 'web', 'dist', STAMP)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hashOfSources(root)
}

/** Into a folder beside it, which takes its place when it is whole. The sources' hash is from before the build. */
async function build(web, hash) {
  const [dist, next, last] = ['dist', 'dist-next', 'dist-last'].map(name => join(web, name))
  rmSync(next, { recursive: true, force: true })
  await runVite(web, next)
  for (const name of readdirSync(join(next, 'assets'))) compress(join(next, 'assets', name))
  writeFileSync(join(next, 'licences.txt'), licenceTexts(web))
  writeFileSync(join(next, STAMP), hash)
  rmSync(last, { recursive: true, force: true })
  if (existsSync(dist)) renameSync(dist, last)
  renameSync(next, dist)
  rmSync(last, { recursive: true, force: true })
}

async function runVite(web, folder) {
  const vite = join(web, 'node_modules', 'vite', 'bin', 'vite.js')
  const args = [vite, 'build', `--outDir=${folder}`, '--emptyOutDir', '--logLevel=error']
  const env = { ...process.env, NODE_ENV: 'production' }
  // stdout belongs to the command we are about to run.
  const options = { cwd: web, stdio: ['ignore', 'ignore', 'inherit'], env }
  const { code, asked } = await runChild(process.execPath, args, options)
  if (asked !== null) throw Object.assign(new Error('interrupted while building'), { signal: asked })
  if (code !== 0) throw new Error('the page could not be built; Vite says why above')
}

/** Beside a file what clients accept instead, where that is smaller. */
function compress(file) {
  if (!TEXT.test(file)) return
  const text = readFileSync(file)
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: text.length }
  const forms = { br: brotliCompressSync(text, { params }), gz: gzipSync(text, { level: 9 }) }
  for (const [suffix, bytes] of Object.entries(forms))
    if (bytes.length < text.length) writeFileSync(`${file}.${suffix}`, bytes)
}

function hashOfSources(root) {
  const hash = createHash('sha256')
  for (const file of sources(root)) {
    hash.update(`${relative(root, file).split(sep).join('/')}\0`)
    hash.update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex')
}

/** What a build depends on: all of web/ but what npm and builds put there, and what the page takes of the server's. */
function sources(root) {
  const own = readdirSync(join(root, 'web'), { withFileTypes: true })
  const files = own.filter(entry => entry.isFile()).map(({ name }) => join(root, 'web', name))
  const folders = ['web/src', 'web/public', ...SHARED_WITH_PAGE].flatMap(path => below(join(root, path)))
  return [...files, ...folders].filter(file => !/\.test\.tsx?$/.test(file)).sort((a, b) => (a < b ? -1 : 1))
}

function below(folder) {
  const found = statSync(folder, { throwIfNoEntry: false })
  if (found === undefined) return []
  if (found.isFile()) return [folder]
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? below(path) : [path]
  })
}
