// One policy dropped by hand: the tests that read Postgres' own catalog turn red and name the table.
import { appendFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { sweepCatalog } from '../../src/proofs/attack/database/catalog-sweep.ts'
import type { Section } from './page.ts'
import type { Processes } from './processes.ts'
import type { OpenServer, ServerDeployment } from './server-deployment.ts'
import { redWithoutPolicy } from './trust/attacked.ts'

const DROP = 'drop policy own_rows on app.posting'
const NAMED = 'app.posting: no policy for select, insert, update, delete'

export async function droppedPolicy(
  section: Section,
  deployment: ServerDeployment,
  processes: Processes,
): Promise<void> {
  const server = await deployment.open()
  section.say(
    'The sweep of src/proofs/attack/database/catalog-sweep.ts, on the database of the search above:',
  )
  const before = await swept(server)
  await server.asAdmin(DROP)
  const after = await swept(server)
  section.block(
    'text',
    [...listed('before', before), '', `${DROP};`, '', ...listed('after', after)].join('\n'),
  )
  section.claim(
    'with all policies the sweep finds nothing; without one it names the table',
    before.length === 0 && after.includes(NAMED),
  )
  await redWithoutPolicy(section, server, 'app.posting')
  await redTest(section, server, processes)
}

/** Of schema app: roles are the whole cluster's, and others may be working on it. */
async function swept({ database }: OpenServer): Promise<string[]> {
  const problems = await database.system('check_startup', sweepCatalog)
  return problems.filter(problem => problem.startsWith('app.'))
}

function listed(when: string, problems: readonly string[]): string[] {
  return [
    `${when}: ${problems.length === 0 ? 'no problem' : ''}`.trim(),
    ...problems.map(problem => `  ${problem}`),
  ]
}

async function redTest(section: Section, { gatehouse }: OpenServer, processes: Processes): Promise<void> {
  section.say(
    'And as it would happen: a migration that loses the policy, in the clone, and the test command.',
  )
  const migrations = join(gatehouse.folder, 'migrations')
  const files = readdirSync(migrations).filter(name => name.endsWith('.up.sql'))
  // The newest: later ones would make the policy anew.
  appendFileSync(join(migrations, files.toSorted().at(-1) ?? ''), `\n${DROP};\n`)
  const command = 'npm test -- tests/isolation/catalog.test.ts'
  const { code, output } = await processes.run(command, {
    cwd: gatehouse.folder,
    env: { NO_COLOR: '1', FORCE_COLOR: '0' },
    timeoutMs: 120_000,
  })
  const telling = output
    .split('\n')
    .filter(line => /^ FAIL |no policy for|^Engines: |passed, .*failed/.test(line))
  section.shell(command, [...new Set(telling)].join('\n'))
  section.claim('npm test is red, and says which table', code !== 0 && output.includes(NAMED))
}
