// Which tests run on which engine. `npm test` decides whether a server is there and says so in the environment.
import { defineConfig } from 'vitest/config'

/** Everything that touches a database runs on each engine; the harness asks inject('engine') which one it is. */
const ON_EVERY_ENGINE = ['tests/{contract,isolation,durability,acceptance,journeys}/**/*.test.ts']

/** Of these none touches a database (a fake stands in its place): they run once. */
const WITHOUT_DATABASE = [
  'tests/contract/{a2a-legacy,a2a-refusals,a2a-streams,a2a-wire,http,http-listening,mcp-calls,mcp-messages,mcp-stdio,mcp-wire,page}.test.ts',
]

/** What a person types and reads there is made by the same code on each engine; their data has tests of its own. */
const EMBEDDED_ONLY = [
  'tests/acceptance/{eval,mistakes,search-command,stdio,task-command}.test.ts',
  'tests/contract/client.test.ts',
  // What the page looks like, what it keeps and what it makes of hostile content is the page's own doing.
  'tests/journeys/{hostile-content,keyboard,page-security,place-switch,views}.test.ts',
]

/** The same code on each engine, and slow embedded: they run on the server where there is one. */
const ON_A_SERVER_RATHER = [
  'tests/acceptance/{command-line,doctor,drain,ingest}.test.ts',
  'tests/durability/{embeddings,ingest-killed,publish}.test.ts',
]

const hasServer = process.env['GATEHOUSE_TEST_ADMIN_URL'] !== undefined
const server = hasServer ? [onEngine('postgres', 'postgres')] : []

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{src,scripts,web/src}/**/*.test.ts',
            'tests/architecture/**/*.test.ts',
            ...WITHOUT_DATABASE,
          ],
        },
      },
      onEngine('embedded', 'pglite'),
      ...server,
    ],
    // Of the root, not of a project: one template of each engine for the whole run.
    globalSetup: 'tests/harness/global-setup.ts',
    pool: 'forks',
    // Every worker may hold an embedded database of some 300 MB.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['**/*.test.ts'],
      reporter: ['text-summary', 'json-summary', 'html'],
      reportsDirectory: 'coverage',
      // What runs in processes and threads of its own (the acceptance tests' servers, the embedded database's worker)
      // is not counted: attaching them lowers the figures of files that run in both places.
      reportOnFailure: true,
    },
  },
})

function onEngine(name: string, engine: 'pglite' | 'postgres') {
  const elsewhere = engine === 'postgres' ? EMBEDDED_ONLY : hasServer ? ON_A_SERVER_RATHER : []
  const exclude = [...WITHOUT_DATABASE, ...elsewhere]
  // What comes true by itself may take its time on a busy machine.
  const poll = { timeout: 20_000 }
  return { test: { name, include: ON_EVERY_ENGINE, exclude, provide: { engine }, expect: { poll } } }
}
