// kill -9 before and after every database call of an ingestion, on a real PostgreSQL: the test that does it, and its count.
import type { Section } from './page.ts'
import type { Processes } from './processes.ts'
import type { ServerDeployment } from './server-deployment.ts'

const TEST = 'npm test -- --no-coverage --project postgres tests/durability/ingest-killed.test.ts'
const COUNTED = /^(\d+) kills at (\d+) database calls: lost (\d+), half-visible (\d+)$/gm

export async function killedIngestions(
  section: Section,
  deployment: ServerDeployment,
  processes: Processes,
): Promise<void> {
  const { gatehouse, adminUrl } = await deployment.open()
  section.say(
    'A process takes a file in and is killed at one place; another goes on. The places are all calls to the database, each ' +
      'before its commit and after it; for a new document each third of them.',
  )
  const { code, output } = await processes.run(TEST, {
    cwd: gatehouse.folder,
    env: { DATABASE_ADMIN_URL: adminUrl, NO_COLOR: '1', FORCE_COLOR: '0' },
    timeoutMs: 300_000,
  })
  const counts = [...output.matchAll(COUNTED)]
  section.shell(TEST, counts.map(([line]) => line).join('\n') || output.slice(-2_000))
  section.claim('a new document and a next version were killed at every place', counts.length === 2)
  section.claim(
    'nothing was lost and nothing half visible',
    code === 0 &&
      counts.every(([, kills, , lost, half]) => Number(kills) > 0 && lost === '0' && half === '0'),
  )
}
