// kill -9 at every point of an ingestion: whatever was visible stays whole, what is being built is never seen, and the
// next run goes on to the same end.
import { spawn } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { acceptIngestion, findIngestion } from '../../src/features/documents/ingest/ingestion.ts'
import { withdrawDocument } from '../../src/features/documents/versions/withdraw-document.ts'
import { storeBlob } from '../../src/platform/blobs/store-blob.ts'
import type { Database } from '../../src/platform/db/database.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { siblingFile } from '../../src/platform/sibling-file.ts'
import { openDurableGround, type DurableGround } from '../harness/durable-ground.ts'
import { indexFaults } from '../harness/index-faults.ts'
import { publishIn } from '../harness/publish.ts'
import type { KilledIngestion } from './ingest-until-killed.ts'

let ground: DurableGround

beforeAll(async () => {
  ground = await openDurableGround()
}, 120_000)
afterAll(() => ground.clear())

const OLD = 'The old text tells of the dodo.'
/** Three batches of passages, so that some are in, hidden, when the process dies. */
const NEW = Array.from(
  { length: 520 },
  (_, at) =>
    `# Part ${at}\n\nThis part ${at} tells of the moa and of word${at % 91}, and of much else besides.\n`,
).join('\n')

/** A new document, or the next version of an old one, on its way in. */
async function accept(database: Database, externalId: string, isUpdate: boolean): Promise<string> {
  const { tenantId } = ground.order
  return database.writeAs({ tenantId, subject: 't' }, async tx => {
    if (isUpdate) await publishIn(tx, tenantId, { title: 'Old', content: OLD, externalId })
    const blobId = await storeBlob(tx, tenantId, Buffer.from(NEW))
    const request = { name: 'new.md', externalId }
    const source = { blobId, url: null }
    return acceptIngestion(tx, { tenantId, subject: 't', source, request, documentId: null })
  })
}

/** The number of calls it made, or undefined when it was killed. */
async function run(order: KilledIngestion): Promise<number | undefined> {
  const script = siblingFile(import.meta.url, './ingest-until-killed.ts').pathname
  const child = spawn(process.execPath, [script, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.on('data', (bytes: Buffer) => (printed += bytes.toString()))
  const [code, signal] = await new Promise<[number | null, string | null]>(resolve =>
    child.once('close', (...ended) => resolve(ended)),
  )
  if (signal === 'SIGKILL') return undefined
  expect(code).toBe(0)
  return Number(printed)
}

interface Seen {
  readonly title: string
  readonly version: number
  readonly chunks: number
  readonly faults: string[]
  readonly state: string | undefined
}

/** What everybody sees of the document. */
function look(database: Database, externalId: string, ingestionId: string): Promise<Seen> {
  const { tenantId } = ground.order
  return database.readAs({ tenantId, subject: 't' }, async tx => {
    const row = await tx.first(sql<{ title: string; version: number; chunks: number }>`
      select d.title, d.current_version as version,
        (select count(*)::int from app.chunk c where c.version_id = d.current_version_id) as chunks
      from app.document d where d.external_id = ${externalId}`)
    const { state } = (await findIngestion(tx, tenantId, ingestionId)) ?? {}
    const none = { title: '', version: 0, chunks: 0 }
    return { ...(row ?? none), faults: await indexFaults(tx), state }
  })
}

async function forget(database: Database, externalId: string): Promise<void> {
  const { tenantId } = ground.order
  await database.writeAs({ tenantId, subject: 't' }, async tx => {
    const row = await tx.first(
      sql<{ id: string }>`select id from app.document where external_id = ${externalId}`,
    )
    if (row !== undefined) await withdrawDocument(tx, { tenant_id: tenantId, document_id: row.id })
  })
}

test.each([
  ['a new document', false],
  ['the next version of a document', true],
] as const)(
  '%s: killed at every point, nothing is lost and nothing is half visible',
  async (_, isUpdate) => {
    const externalId = isUpdate ? 'updated' : 'new'
    const before = isUpdate ? { title: 'Old', version: 1, chunks: 1 } : { title: '', version: 0, chunks: 0 }
    const after = { title: 'new', version: isUpdate ? 2 : 1, faults: [], state: 'done' }
    const whole = await ground.look(database => accept(database, externalId, isUpdate))
    const calls = await run({ ...ground.order, ingestionId: whole })
    expect(calls).toBeGreaterThan(6)
    const { chunks } = await ground.look(database => look(database, externalId, whole))
    expect(chunks).toBeGreaterThan(400)
    let lost = 0
    let halfVisible = 0
    let kills = 0
    // An update passes all the places that a new document does. The embedded engine takes seconds to open: there, and
    // for new documents, one place in three (of six) stands for its neighbours.
    const step = ground.isEmbedded ? 6 : isUpdate ? 1 : 3
    for (let call = ground.isEmbedded ? 2 : 1; call <= (calls ?? 0); call += step) {
      for (const when of ['before commit', 'after commit'] as const) {
        const ingestionId = await ground.look(async database => {
          await forget(database, externalId)
          return accept(database, externalId, isUpdate)
        })
        const order = { ...ground.order, ingestionId }
        expect(await run({ ...order, dieAt: { call, when } }), `${when} of call ${call}`).toBeUndefined()
        kills++
        const killed = await ground.look(database => look(database, externalId, ingestionId))
        const isDone = killed.state === 'done'
        if (JSON.stringify(killed.faults) !== '[]') halfVisible++
        if (isDone) expect(killed).toMatchObject({ ...after, chunks })
        else expect(killed, `${when} of call ${call}`).toMatchObject({ ...before, faults: [] })
        await run(order)
        const ended = await ground.look(database => look(database, externalId, ingestionId))
        if (ended.state !== 'done') lost++
        expect(ended, `after ${when} of call ${call}`).toMatchObject({ ...after, chunks })
      }
    }
    console.log(
      `${kills} kills at ${String(calls)} database calls: lost ${lost}, half-visible ${halfVisible}`,
    )
  },
  600_000,
)
