// The audit: who did what, its chain verified, and a row that somebody with the database's own rights has edited.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Section } from '../page.ts'
import type { OpenServer, ServerDeployment } from '../server-deployment.ts'
import { TENANT } from './people-and-keys.ts'
import { typed } from './typed.ts'

const LINES = 6

export async function bentRecord(section: Section, deployment: ServerDeployment): Promise<void> {
  const server = await deployment.open()
  await linked(server)
  section.say('What was asked of the tenant, the last lines of it:')
  const tail = await typed(section, server.gatehouse, `audit tail --tenant ${TENANT}`, lastOf)
  section.claim('the audit says who closed the document', /ada|operator/.test(tail.output) && tail.code === 0)
  const sound = await typed(section, server.gatehouse, `audit verify --tenant ${TENANT}`)
  section.claim('every row is where its chain says', sound.code === 0)
  const edit = `update app.audit set subject = 'nobody'
  where tenant_id = (select id from app.tenant where slug = '${TENANT}') and chained_as = 3`
  section.say('As an administrator of the database, whom no policy binds:')
  section.block('sql', `${edit};`)
  await server.asAdmin(edit)
  const bent = await typed(section, server.gatehouse, `audit verify --tenant ${TENANT}`)
  section.claim(
    'the edited row is named, and verify ends with 8',
    bent.code === 8 && /edited/.test(bent.output) && /\b3\b/.test(bent.output),
  )
  const all = await server.gatehouse.command('audit verify')
  section.claim("the deployment's own audit is still whole", all.code === 0)
}

/** Waits until the rows of the sections before are in their chain; a worker links them every three seconds. */
async function linked({ asAdmin }: OpenServer): Promise<void> {
  for (const until = Date.now() + 20_000; Date.now() < until; await sleep(250)) {
    const [row] = await asAdmin('select count(*)::int as open from app.audit where chained_as is null')
    if (row?.['open'] === 0) return
  }
  throw new Error('the audit is not linked within 20 s')
}

function lastOf(output: string): string {
  return output.trimEnd().split('\n').slice(-LINES).join('\n')
}
