// `npm test [-- vitest's arguments]`: runs the tests on every database engine this machine has, and says at the end which
// ran and which did not, and whether the page was looked at in a browser. With --require-server, or in CI, a missing
// PostgreSQL is a failure; in CI a missing browser is one too.
import { join } from 'node:path'
import { parseCLI, startVitest, type TestCase, type TestModule } from 'vitest/node'
import { buildPage } from '../bin/build-page.mjs'
import manifest from '../package.json' with { type: 'json' }
import { findBrowser } from './browser.ts'
import { coverageOf } from './coverage-of.ts'
import { findServer, findServer17, type Server } from './test-servers.ts'

const REQUIRE_SERVER = '--require-server'
const NO_BROWSER = 'no browser: `npm run browser` as root on Debian, or GATEHOUSE_BROWSER'
const NO_SERVER = 'no server: `npm run postgres` as root on Debian, DATABASE_ADMIN_URL, or a running Docker'

const flags = process.argv.slice(2)
const isInCi = !['', '0', 'false'].includes(process.env['CI'] ?? '')

// Some of the tests look at the page as it is shipped.
await buildPage(join(import.meta.dirname, '..')).catch(refuse)
const server = await findServer().catch(refuse)
const server17 = await findServer17().catch(refuse)
if (server === undefined && (isInCi || flags.includes(REQUIRE_SERVER)))
  refuse(`here the tests have to run on a real PostgreSQL, but there is ${NO_SERVER}`)
const browser = findBrowser()
if (browser === undefined && isInCi) refuse(`here the page has to be looked at, but there is ${NO_BROWSER}`)
if (server !== undefined) process.env['GATEHOUSE_TEST_ADMIN_URL'] = server.url
if (server17 !== undefined) process.env['GATEHOUSE_TEST_ADMIN_URL_17'] = server17.url

const passedOn = flags.filter(flag => flag !== REQUIRE_SERVER)
const coverage = flags.some(flag => /^--(no-)?coverage(=|$)/.test(flag)) ? [] : ['--coverage']
const { filter, options } = parseCLI(['vitest', 'run', ...coverage, ...passedOn])
const vitest = await startVitest(filter, options)
const modules = vitest.state.getTestModules()
const tests = modules.flatMap(module => [...module.children.allTests()])

if (vitest.config.coverage.enabled)
  for (const folder of ['src/gate', 'src/platform/db']) console.log(coverageOf(folder))
console.log(sayEngines(tests, server, server17))
console.log(sayBrowser(tests))
console.log(sayCounts(tests, modules))
// Whatever a test left open must not keep the run alive.
process.exit()

function refuse(reason: unknown): never {
  console.error(`test: ${reason instanceof Error ? reason.message : String(reason)}`)
  process.exit(1)
}

/** An engine ran when a test ran on it, not when it was there. */
function sayEngines(tests: TestCase[], server: Server | undefined, server17: Server | undefined): string {
  const hasRun = (isOnIt: (test: TestCase) => boolean): boolean =>
    tests.some(test => isOnIt(test) && test.result().state !== 'skipped')
  const on = (project: string) => (test: TestCase) => test.project.name === project

  const ran: string[] = []
  const missing = new Set(['PGlite', 'PostgreSQL 18', 'PostgreSQL 17'])
  if (hasRun(on('embedded'))) {
    ran.push(`PGlite ${manifest.dependencies['@electric-sql/pglite']} (embedded)`)
    missing.delete('PGlite')
  }
  if (server !== undefined && hasRun(on('postgres'))) {
    ran.push(`PostgreSQL ${server.version} (${server.from})`)
    missing.delete(`PostgreSQL ${Number.parseInt(server.version, 10)}`)
  }
  // The few tests that are for the older server say so in their name.
  if (server17 !== undefined && hasRun(test => test.fullName.includes('PostgreSQL 17'))) {
    ran.push(`PostgreSQL ${server17.version} (${server17.from})`)
    missing.delete('PostgreSQL 17')
  }
  const why = server === undefined ? ` (${NO_SERVER})` : ''
  const notRun = missing.size === 0 ? '' : ` NOT RUN: ${[...missing].join(', ')}${why}.`
  return `Engines: ${ran.join(', ') || 'none'}.${notRun}`
}

/** The journeys are skipped where there is no browser; a run of other tests alone needs none. */
function sayBrowser(tests: TestCase[]): string {
  const inBrowser = tests.filter(({ module }) => module.relativeModuleId.startsWith('tests/journeys/'))
  if (browser === undefined) return `Browser: NOT RUN: the journeys through the page (${NO_BROWSER}).`
  const hasRun = inBrowser.some(test => test.result().state !== 'skipped')
  return hasRun ? `Browser: ${browser}` : 'Browser: NOT RUN: none of the journeys was asked for.'
}

/** A file that failed outside of its tests is a failure too, and so is a run that failed outside of its files. */
function sayCounts(tests: TestCase[], modules: TestModule[]): string {
  const count = (state: string): number => tests.filter(test => test.result().state === state).length
  const brokenFiles = modules.filter(
    module => !module.ok() && ![...module.children.allTests()].some(test => test.result().state === 'failed'),
  ).length
  const failed =
    count('failed') + brokenFiles || Number(process.exitCode !== 0 && process.exitCode !== undefined)
  return `${count('passed')} passed, ${failed} failed, ${count('skipped') + count('pending')} skipped`
}
