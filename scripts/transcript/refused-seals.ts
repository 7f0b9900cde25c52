// SQL that was smuggled in, run as the application's login: it can write any seal into the setting, and sign none.
import { mintSeal, type SealWords } from '../../src/platform/db/seal.ts'
import type { Session } from '../../src/platform/db/engine/engine.ts'
import { ARCHIVE_DOCUMENTS } from './one-search.ts'
import type { Section } from './page.ts'
import type { OpenServer, ServerDeployment } from './server-deployment.ts'

interface Attempt {
  readonly says: string
  /** The seal to set, if any. */
  readonly seal?: string
  /** What is tried; reading documents by default. */
  readonly sql?: string
  /** Rows counted, or the message of the refusal. */
  readonly expected: string
}

const COUNT = 'select count(*)::int as n from app.document'

export async function refusedSeals(section: Section, deployment: ServerDeployment): Promise<void> {
  const server = await deployment.open()
  section.say(
    "Below is what injected SQL could do: it runs on the application's own login. A seal is bound to a tenant, a time and a " +
      'connection and signed with a key that this login cannot read. Setting it is allowed; using it is what counts.',
  )
  const tenants = await server.asAdmin('select id from app.tenant order by slug')
  const [archive = '', neighbour = ''] = tenants.map(row => String(row['id']))
  const [mine, other] = [await server.app.acquire(), await server.app.acquire()]
  try {
    const lines: string[] = []
    for (const attempt of attempts(server, { archive, neighbour, pid: mine.pid, otherPid: other.pid })) {
      const outcome = await tried(mine, attempt)
      lines.push(`-- ${attempt.says}`, attempt.sql ?? COUNT, `   ${outcome}`, '')
      section.claim(`${attempt.says}: ${attempt.expected}`, outcome.includes(attempt.expected))
    }
    section.block('sql', lines.join('\n'))
  } finally {
    mine.release()
    other.release()
  }
  await superuserRefused(section, server)
}

function attempts(
  { sealKey }: OpenServer,
  {
    archive,
    neighbour,
    pid,
    otherPid,
  }: { archive: string; neighbour: string; pid: number; otherPid: number },
): Attempt[] {
  const seal = (words: Partial<SealWords>): string =>
    mintSeal(sealKey, {
      realm: 'tenant',
      tenantId: archive,
      subject: 'ada',
      reads: 'listed',
      lifetimeMs: 30_000,
      pid,
      ...words,
    })
  const genuine = seal({})
  return [
    { says: 'no seal', expected: '0 rows' },
    { says: 'the genuine seal of this transaction', seal: genuine, expected: `${ARCHIVE_DOCUMENTS} rows` },
    {
      says: "the same seal with the neighbour's id written in",
      seal: genuine.replace(archive, neighbour),
      expected: '42501 seal refused: forged',
    },
    {
      says: 'a genuine seal whose time is over',
      seal: seal({ tenantId: neighbour, lifetimeMs: -60_000 }),
      expected: '42501 seal refused: expired',
    },
    {
      says: "the neighbour's genuine seal, minted for another connection",
      seal: seal({ tenantId: neighbour, pid: otherPid }),
      expected: '42501 seal refused: minted for another connection',
    },
    {
      says: 'a seal signed with a key of one’s own',
      seal: mintSeal(
        { id: 'mine', secret: Buffer.alloc(32) },
        { realm: 'tenant', tenantId: neighbour, subject: 'ada', reads: 'listed', lifetimeMs: 30_000, pid },
      ),
      expected: '42501 seal refused: unknown key',
    },
    {
      says: 'a seal of the maintainer, which may see any tenant, signed with the right key',
      seal: seal({ realm: 'maintenance', tenantId: neighbour }),
      expected: "42501 seal refused: maintenance is the owner's",
    },
    ...aroundTheSeal(genuine),
  ]
}

/** What is not a matter of seals: rights that the login does not have. */
function aroundTheSeal(genuine: string): Attempt[] {
  return [
    {
      says: 'reading the keys',
      seal: genuine,
      sql: 'select * from app.seal_key',
      expected: '42501 permission denied for table seal_key',
    },
    {
      says: "the owner's role",
      seal: genuine,
      sql: 'set role gatehouse_owner',
      expected: '42501 permission denied to set role "gatehouse_owner"',
    },
  ]
}

async function tried(session: Session, { seal, sql = COUNT }: Attempt): Promise<string> {
  await session.send({ text: 'begin' })
  try {
    if (seal !== undefined)
      await session.send({ text: `select set_config('app.seal', $1, true)`, values: [seal] })
    const { rows } = await session.send({ text: sql })
    return `${Number(rows[0]?.['n'] ?? rows.length)} rows`
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string }
    return `ERROR ${code} ${message}`
  } finally {
    await session.send({ text: 'rollback' })
  }
}

async function superuserRefused(section: Section, { gatehouse, adminUrl }: OpenServer): Promise<void> {
  section.say('A server that was given an administrator instead of the application’s login does not start:')
  const { code, output } = await gatehouse.run('./bin/gatehouse.mjs serve', {
    DATABASE_URL: adminUrl,
  })
  section.shell(`DATABASE_URL=${adminUrl} ./bin/gatehouse.mjs serve`, output)
  section.claim(
    'it refuses to start as a superuser and says what to do',
    code === 2 && /is a superuser/.test(output) && /→/.test(output),
  )
}
