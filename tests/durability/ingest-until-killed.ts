// A process that runs one ingestion and kills itself at one of its database calls: inside the transaction before the
// commit, or right after it. Without a place to die it runs to the end and prints how many calls that took.
import { runIngestion } from '../../src/features/documents/ingest/run-ingestion.ts'
import { parserPool } from '../../src/features/documents/parse/parser-pool.ts'
import type { Database } from '../../src/platform/db/database.ts'
import { pgEngine } from '../../src/platform/db/engine/pg-engine.ts'
import { pgliteEngine } from '../../src/platform/db/engine/pglite-engine.ts'
import { sealedDatabase } from '../../src/platform/db/sealed-database.ts'
import { tenantDoors } from '../../src/platform/db/tenant-doors.ts'
import { orderVectors } from '../harness/publish.ts'

export interface KilledIngestion {
  readonly tenantId: string
  readonly ingestionId: string
  readonly sealKey: { readonly id: string; readonly secret: string }
  /** The server's URL for the application, or the embedded cluster's folder. */
  readonly url?: string
  readonly folder?: string
  /** Which call it dies in, from 1. */
  readonly dieAt?: { readonly call: number; readonly when: 'before commit' | 'after commit' }
}

const order = JSON.parse(process.argv[2] ?? '') as KilledIngestion
const { url } = order
const engine =
  url === undefined
    ? await pgliteEngine({ folder: order.folder, snapshot: undefined })
    : pgEngine({ url, poolSize: 2, pooled: false, applicationName: 'ingest', onIdleError: () => undefined })
const sealKey = { id: order.sealKey.id, secret: Buffer.from(order.sealKey.secret, 'hex') }
const sealed = sealedDatabase({
  engine,
  sealKey: () => sealKey,
  ...(url === undefined ? { role: 'gatehouse_app' } : {}),
})

let calls = 0
const die = (): void => void process.kill(process.pid, 'SIGKILL')
const mortal: Database = {
  ...sealed,
  writeAs: async (scope, fn) => {
    const call = ++calls
    const result = await sealed.writeAs(scope, async tx => {
      const value = await fn(tx)
      if (order.dieAt?.call === call && order.dieAt.when === 'before commit') die()
      return value
    })
    if (order.dieAt?.call === call && order.dieAt.when === 'after commit') die()
    return result
  },
}

const parser = parserPool({ size: 1 })
await runIngestion(
  {
    doorsOf: (tenantId, subject) => tenantDoors(mortal, { tenantId, subject }),
    parser,
    fetchPublic: () => Promise.reject(new Error('nothing is fetched here')),
    maxFileBytes: 1_000_000,
    orderVectors,
  },
  { tenantId: order.tenantId, ingestionId: order.ingestionId },
  new AbortController().signal,
)
process.stdout.write(`${calls}\n`)
await parser.close()
await sealed.close()
