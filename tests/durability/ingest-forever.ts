// A process that ingests until it is killed: prints the id of each document once its transaction is acknowledged.
import { withdrawDocument } from '../../src/features/documents/versions/withdraw-document.ts'
import { pgEngine } from '../../src/platform/db/engine/pg-engine.ts'
import { pgliteEngine } from '../../src/platform/db/engine/pglite-engine.ts'
import { sealedDatabase } from '../../src/platform/db/sealed-database.ts'
import type { DurableGround } from '../harness/durable-ground.ts'
import { embedAll, publishIn } from '../harness/publish.ts'

const order = JSON.parse(process.argv[2] ?? '') as DurableGround['order']
const engine =
  order.url === undefined
    ? await pgliteEngine({ folder: order.folder, snapshot: undefined })
    : pgEngine({
        url: order.url,
        poolSize: 2,
        pooled: false,
        applicationName: 'ingest-forever',
        onIdleError: () => undefined,
      })
const sealKey = { id: order.sealKey.id, secret: Buffer.from(order.sealKey.secret, 'hex') }
const database = sealedDatabase({
  engine,
  sealKey: () => sealKey,
  ...(order.url === undefined ? { role: 'gatehouse_app' } : {}),
})
const scope = { tenantId: order.tenantId, subject: 'ingest' }

for (let at = 0; ; at++) {
  const content = Array.from(
    { length: 40 },
    (_, line) => `Line ${line} of text ${at} has word${(at * line) % 97} and much in common.`,
  ).join('\n\n')
  const draft = { title: `Text ${at}`, content }
  const { documentId: id } = await database.writeAs(scope, tx => publishIn(tx, order.tenantId, draft))
  process.stdout.write(`${id}\n`)
  const key = { tenant_id: order.tenantId, document_id: id }
  if (at % 3 === 1)
    await database.writeAs(scope, tx => publishIn(tx, order.tenantId, { ...draft, title: `New ${at}` }, id))
  if (at % 5 === 4) await embedAll(database, order.tenantId)
  if (at % 7 === 6) {
    await database.writeAs(scope, tx => withdrawDocument(tx, key))
    process.stdout.write(`-${id}\n`)
  }
}
