// Many small Markdown files of one tenant, from the first call until all are published and all vectors are in.
import type { Row } from '../figures.ts'
import { markdown, seeded, words } from './generated-text.ts'
import type { Ground, TenantCaller } from './ground.ts'
import { until } from './until.ts'

/** Calls under way at a time, as the ingest command has them. */
const AT_ONCE = 4

interface Run {
  readonly files: number
  readonly bytes: number
  readonly chunks: number
  readonly acceptedMs: number
  readonly publishedMs: number
  readonly embeddedMs: number
}

/** Each run has a tenant of its own and the same files. */
export async function smallFiles(ground: Ground, files: number, runs: number): Promise<Row[]> {
  const texts = generated(files)
  const done: Run[] = []
  for (let at = 0; at < runs; at++) done.push(await oneRun(await ground.createTenant(`small-${at}`), texts))
  const row = (figure: string, unit: string, of: (run: Run) => number): Row => ({
    measure: `${files} Markdown files`,
    engine: ground.engine,
    figure,
    unit,
    values: done.map(of),
  })
  return [
    row('accepted', 'files/s', run => run.files / (run.acceptedMs / 1_000)),
    row('published', 'files/s', run => run.files / (run.publishedMs / 1_000)),
    row('published', 'chunks/s', run => run.chunks / (run.publishedMs / 1_000)),
    row('published', 'MB/s', run => run.bytes / 1e6 / (run.publishedMs / 1_000)),
    row('all vectors in', 'files/s', run => run.files / (run.embeddedMs / 1_000)),
    row('all vectors in', 'chunks/s', run => run.chunks / (run.embeddedMs / 1_000)),
    row('size of a file', 'kB', run => run.bytes / 1e3 / run.files),
    row('chunks', 'a file', run => run.chunks / run.files),
  ]
}

/** Of 1 to 10 kB, 4 on the average. */
function generated(files: number): Buffer[] {
  const random = seeded(1)
  const from = words(random)
  return Array.from({ length: files }, () => Buffer.from(markdown(from, random, 500 + 8_500 * random() ** 2)))
}

async function oneRun(caller: TenantCaller, texts: readonly Buffer[]): Promise<Run> {
  const start = performance.now()
  const next = texts.entries()
  const bringing = Array.from({ length: AT_ONCE }, async () => {
    for (const [at, text] of next)
      await caller.call('add_document', { data: text.toString('base64'), name: `file-${at}.md` })
  })
  await Promise.all(bringing)
  const acceptedMs = performance.now() - start
  await until(async () => !(await isAnyIn(caller, 'queued')) && !(await isAnyIn(caller, 'running')))
  const publishedMs = performance.now() - start
  if (await isAnyIn(caller, 'failed')) throw new Error('an ingestion failed: the figures would mean nothing')
  await until(async () => (await caller.count('pending_embedding')) === 0)
  const embeddedMs = performance.now() - start
  const bytes = texts.reduce((sum, { length }) => sum + length, 0)
  const chunks = await caller.count('chunk')
  return { files: texts.length, bytes, chunks, acceptedMs, publishedMs, embeddedMs }
}

async function isAnyIn(caller: TenantCaller, state: string): Promise<boolean> {
  const { ingestions } = await caller.call('list_ingestions', { state, limit: 1 })
  return (ingestions as unknown[]).length > 0
}
