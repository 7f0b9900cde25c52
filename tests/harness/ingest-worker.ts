// A process that works on a server's ingestion jobs until SIGTERM: prints the name of each file when it begins to read
// it, and ends orderly. `hangs`: it reads no file to its end, so that its jobs are running when it is stopped.
import { workDocumentJobs } from '../../src/features/documents/ingest/ingest-jobs.ts'
import { parserPool } from '../../src/features/documents/parse/parser-pool.ts'
import { pgEngine } from '../../src/platform/db/engine/pg-engine.ts'
import { sealedDatabase } from '../../src/platform/db/sealed-database.ts'
import { tenantDoors } from '../../src/platform/db/tenant-doors.ts'
import { fault } from '../../src/platform/faults.ts'
import { startJobWorkers } from '../../src/platform/jobs/job-workers.ts'
import { orderVectors } from './publish.ts'

export interface IngestWorkerOrder {
  readonly urls: { readonly app: string; readonly worker: string }
  readonly sealKey: { readonly id: string; readonly secret: string }
  readonly hangs?: boolean
}

const order = JSON.parse(process.argv[2] ?? '') as IngestWorkerOrder
/** Enough for two files of one tenant, which is never given every place. */
const AT_ONCE = 3

const engineAt = (url: string) =>
  pgEngine({
    url,
    poolSize: 4,
    pooled: false,
    applicationName: 'ingest-worker',
    onIdleError: () => undefined,
  })
const sealKey = { id: order.sealKey.id, secret: Buffer.from(order.sealKey.secret, 'hex') }
const database = sealedDatabase({ engine: engineAt(order.urls.app), sealKey: () => sealKey })
const engine = engineAt(order.urls.worker)
let isStopping = false
// What is given back when it stops is told as a problem; nobody needs to read it.
const onProblem = ({ error }: { readonly error: unknown }): void => {
  if (!isStopping) console.error(error)
}
const workers = await startJobWorkers({ engine, onProblem })
const parser = parserPool({ size: AT_ONCE })

await workDocumentJobs(
  workers,
  {
    doorsOf: (tenantId, subject) => tenantDoors(database, { tenantId, subject }),
    parser: {
      close: () => parser.close(),
      parse: async (source, options) => {
        process.stdout.write(`${String(source.name)}\n`)
        if (order.hangs !== true) return parser.parse(source, options)
        await new Promise(resolve => options.signal?.addEventListener('abort', resolve, { once: true }))
        throw fault('cancelled')
      },
    },
    fetchPublic: () => Promise.reject(new Error('nothing is fetched here')),
    maxFileBytes: 10_000_000,
    orderVectors,
  },
  AT_ONCE,
)
process.once('SIGTERM', () => {
  isStopping = true
  void workers
    .stop(order.hangs === true ? 1_000 : 20_000)
    .then(() => parser.close())
    .then(() => Promise.all([database.close(), engine.close()]))
})
process.stdout.write('ready\n')
