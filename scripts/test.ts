// `npm test [-- vitest's arguments]`: runs the tests on every database engine this machine has, and says at the end which
// ran and which did not. With --require-server, or in CI, a missing PostgreSQL is a failure.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { parseCLI, startVitest, type TestCase } from 'vitest/node'
import { coverageOf } from './coverage-of.ts'
import { findServer, findServer17, type Server } from './test-servers.ts'

const REQUIRE_SERVER = '--require-server'
const HOW_TO_GET_ONE = '`npm run postgres` as root on Debian, DATABASE_ADMIN_URL, or a running Docker'

const arguments_ = process.argv.slice(2)
const isRequired = arguments_.includes(REQUIRE_SERVER) || /^(?!0$|false$)./.test(process.env['CI'] ?? '')

const server = await findServer()
const server17 = await findServer17()
if (server === undefined && isRequired) {
  console.error(`test: the tests have to run on a real PostgreSQL here, and there is none: ${HOW_TO_GET_ONE}`)
  process.exit(1)
}
if (server !== undefined) process.env['GATEHOUSE_TEST_ADMIN_URL'] = server.url
if (server17 !== undefined) process.env['GATEHOUSE_TEST_ADMIN_URL_17'] = server17.url

const { filter, options } = parseCLI([
  ...['vitest', 'run', '--coverage'],
  ...arguments_.filter(argument => argument !== REQUIRE_SERVER),
])
const vitest = await startVitest(filter, options)
const modules = vitest.state.getTestModules()
const tests = modules.flatMap(module => [...module.children.allTests()])
