// kill -9 in the middle of ingestion, a new start, and a recount of everything by hand.
import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'
import { sealKeysIn } from '../../src/platform/db/seal-keys.ts'
import { sealedDatabase } from '../../src/platform/db/sealed-database.ts'
import { pgliteEngine } from '../../src/platform/db/engine/pglite-engine.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { indexFaults } from '../../tests/harness/index-faults.ts'
import type { Deployment } from './deployment.ts'
import { largeDocuments, type LargeDocument } from './large-documents.ts'
import { mcpClient, type Hit } from './mcp-clients.ts'
import type { Section } from './page.ts'

const DOCUMENTS = 12
const BYTES = 200_000
const KILLED_AFTER = 4

/** Leaves the server stopped, so that what it wrote can be counted. */
export async function killedWhileIngesting(section: Section, gatehouse: Deployment): Promise<void> {
  await gatehouse.command('tenant create crash')
  section.say(
    `Documents of ${BYTES / 1000} kB go in one after the other. When ${KILLED_AFTER} of them are acknowledged and the next one is ` +
      "under way, the server's process gets SIGKILL. Each document holds a word of its own, by which it is looked for.",
  )
  const documents = largeDocuments('crash', DOCUMENTS, BYTES)
  const acknowledged = await ingestUntilKilled(gatehouse, documents)
  section.shell('kill -9 <pid>', `${acknowledged} documents had been acknowledged, one was under way`)

  const start = performance.now()
  await gatehouse.start('npm start', 60_000)
  section.shell('npm start', `ready again after ${((performance.now() - start) / 1000).toFixed(1)} s`)
  const client = await mcpClient(gatehouse.url, await gatehouse.token('crash'))
  const listed = ((await client.call('list_documents', { limit: 100 })) as { documents: unknown[] }).documents
  let found = 0
  for (const { marker } of documents) {
    const { hits } = (await client.call('search_documents', { query: marker })) as { hits: Hit[] }
    found += hits.length
  }
  await client.close()
  await gatehouse.stop()
  const { counts, faults } = await recounted(gatehouse)
  section.block(
    'text',
    [
      `list_documents: ${listed.length} documents    found by their own word: ${found}`,
      ...Object.entries(counts).map(([what, count]) => `${what}: ${count}`),
      `disagreements between documents, versions, chunks, postings, vectors and statistics: ${faults.length}`,
      ...faults.slice(0, 5),
    ].join('\n'),
  )
  section.claim('every acknowledged document is there', listed.length >= acknowledged)
  section.claim(
    'the one under way is there whole or not at all: as many are found by their word as are listed',
    found === listed.length && listed.length <= acknowledged + 1,
  )
  section.claim('all tables agree, and so do the word statistics, recounted', faults.length === 0)
}

async function ingestUntilKilled(
  gatehouse: Deployment,
  documents: readonly LargeDocument[],
): Promise<number> {
  const client = await mcpClient(gatehouse.url, await gatehouse.token('crash'))
  let acknowledged = 0
  const ingesting = (async () => {
    for (const { title, content } of documents) {
      await client.call('add_document', { title, content })
      acknowledged++
    }
  })()
  // The call under way fails, which is the point.
  const broken = ingesting.catch(() => undefined)
  const until = performance.now() + 60_000
  while (acknowledged < KILLED_AFTER && performance.now() < until) await sleep(5)
  await sleep(200)
  await gatehouse.kill()
  await broken
  await client.close().catch(() => undefined)
  return acknowledged
}

/** Opens the folder of the stopped server and counts under the tenant's own seal. */
async function recounted({
  folder,
}: Deployment): Promise<{ counts: Record<string, number>; faults: string[] }> {
  const data = join(folder, '.gatehouse')
  const keys = await sealKeysIn(join(data, 'keys', 'seal'))
  const engine = await pgliteEngine({ folder: join(data, 'postgres'), snapshot: undefined })
  const database = sealedDatabase({ engine, sealKey: keys.current, role: 'gatehouse_app' })
  try {
    const tenant = await database.system('manage_tenants', tx =>
      tx.first(sql<{ id: string }>`select id from app.tenant where slug = 'crash'`),
    )
    return await database.readAs({ tenantId: tenant?.id ?? '', subject: 'transcript' }, async tx => {
      const counts = await tx.first(sql<Record<string, number>>`
        select (select count(*)::int from app.document) as documents, (select count(*)::int from app.chunk) as chunks,
          (select count(*)::int from app.posting) as postings, (select count(*)::int from app.vector_1) as vectors`)
      return { counts: counts ?? {}, faults: await indexFaults(tx) }
    })
  } finally {
    await database.close()
  }
}
