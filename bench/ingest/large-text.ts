// One large text of a tenant, uploaded in pieces and followed to its end, while another tenant searches.
import { setTimeout as wait } from 'node:timers/promises'
import { quantile, table, type Row } from '../figures.ts'
import { markdown, paragraph, seeded, words, type Random, type Words } from './generated-text.ts'
import type { Ground, TenantCaller } from './ground.ts'
import { until } from './until.ts'
import { searches, watch, type Seen, type Waits } from './watching.ts'

const PIECE = 1_048_576
const QUIET_MS = 5_000
const OTHERS_DOCUMENTS = 200

interface Event {
  readonly at: string
  readonly kind: string
  readonly sequence: number
  readonly data: Record<string, unknown>
}

export async function largeText(
  ground: Ground,
  megabytes: number,
  tell: (text: string) => void,
): Promise<Row[]> {
  const random = seeded(2)
  const from = words(random)
  const other = await searchingTenant(ground, from, random)
  const caller = await ground.createTenant('large')
  // So that what a first file costs (a parser's start, compiled code) is not counted with the large one.
  await follow(
    caller,
    await add(caller, { data: Buffer.from(markdown(from, random, 5_000)).toString('base64') }),
  )
  const quiet = searches(other, from)
  await wait(QUIET_MS)
  const before = await quiet.stop()
  const watching = watch(ground)
  const uploaded = await upload(caller, from, random, megabytes * 1e6)
  const searching = searches(other, from)
  const events = await follow(caller, await add(caller, { blob_id: uploaded.blobId }))
  const during = await searching.stop()
  const seen = await watching.stop()
  const chunks = await caller.count('chunk')
  const row = (figure: string, unit: string, value: number): Row => ({
    measure: `one text of ${megabytes} MB`,
    engine: ground.engine,
    figure,
    unit,
    values: [value],
  })
  const published = [
    row('uploaded', 'MB/s', megabytes / uploaded.seconds),
    ...timesOf(events, { row, megabytes, chunks }),
    ...memoryAndTransactions(seen, row),
    ...waitsOf({ before, during }, row),
  ]
  // The vectors may take as long again: what is known by now is not lost with a run that is cut off.
  tell(table(published))
  const vectors = performance.now()
  await until(async () => (await caller.count('pending_embedding')) === 0)
  const vectorSeconds = (performance.now() - vectors) / 1_000
  return [...published, row('all vectors in, after it was published', 's', vectorSeconds)]
}

/** A tenant with documents and all their vectors. */
async function searchingTenant(ground: Ground, from: Words, random: Random): Promise<TenantCaller> {
  const caller = await ground.createTenant('searching')
  for (let at = 0; at < OTHERS_DOCUMENTS; at++)
    await caller.call('add_document', { title: `Document ${at}`, content: markdown(from, random, 5_000) })
  await until(async () => (await caller.count('pending_embedding')) === 0)
  return caller
}

/** The time is that of the calls alone, without making the text. */
async function upload(
  caller: TenantCaller,
  from: Words,
  random: Random,
  bytes: number,
): Promise<{ blobId: string; seconds: number }> {
  let blob: Record<string, unknown> = { received: 0 }
  let took = 0
  while (Number(blob['received']) < bytes) {
    const offset = Number(blob['received'])
    const data = piece(from, random, Math.min(PIECE, bytes - offset)).toString('base64')
    const start = performance.now()
    const known = blob['blob_id'] === undefined ? {} : { blob_id: blob['blob_id'] }
    blob = await caller.call('upload_blob', { ...known, offset, data })
    took += performance.now() - start
  }
  const start = performance.now()
  const last = { blob_id: blob['blob_id'], offset: blob['received'], data: '', is_last: true }
  const { blob_id } = await caller.call('upload_blob', last)
  return { blobId: String(blob_id), seconds: (took + performance.now() - start) / 1_000 }
}

function piece(from: Words, random: Random, bytes: number): Buffer {
  const parts: string[] = []
  for (let length = 0; length < bytes; length += (parts.at(-1)?.length ?? 0) + 2)
    parts.push(paragraph(from, random))
  return Buffer.from(`${parts.join('\n\n')}\n\n`).subarray(0, bytes)
}

async function add(caller: TenantCaller, source: Record<string, unknown>): Promise<string> {
  const { ingestion_id } = await caller.call('add_document', { ...source, name: 'text.txt' })
  return String(ingestion_id)
}

/** Its events up to the last; throws when it fails. */
async function follow(caller: TenantCaller, ingestionId: string): Promise<Event[]> {
  const events: Event[] = []
  for (;;) {
    const after = events.at(-1)?.sequence ?? 0
    const ingestions = [{ ingestion_id: ingestionId, after }]
    const answer = await caller.call('follow_ingestions', { ingestions, wait_seconds: 20 })
    events.push(...(answer['events'] as Event[]))
    const last = events.at(-1)
    if (last?.kind === 'failed') throw new Error(`the ingestion failed: ${JSON.stringify(last.data)}`)
    if (last?.kind === 'published') return events
  }
}

type RowOf = (figure: string, unit: string, value: number) => Row

/** The last event is written at the end of the transaction that publishes, short of its commit. */
function timesOf(
  events: readonly Event[],
  { row, megabytes, chunks }: { readonly row: RowOf; readonly megabytes: number; readonly chunks: number },
): Row[] {
  const at = (kind: string): number =>
    Date.parse(events.findLast(event => event.kind === kind)?.at ?? '') / 1_000
  const [start, parsed, published] = [at('accepted'), at('parsed'), at('published')]
  const indexed = at('indexing') || parsed
  const seconds = published - start
  return [
    row('from accepted to published', 's', seconds),
    row('from accepted to published', 'MB/s', megabytes / seconds),
    row('from accepted to published', 'chunks/s', chunks / seconds),
    row('of which: until parsed', 's', parsed - start),
    row('of which: cut and put in', 's', indexed - parsed),
    row('of which: published (one transaction)', 's', published - indexed),
  ]
}

function memoryAndTransactions({ growthMb, parserMb, longestTransaction }: Seen, row: RowOf): Row[] {
  return [
    row('memory of the server over its start', 'MB', growthMb),
    row('memory of the parser', 'MB', parserMb),
    ...(longestTransaction === undefined
      ? []
      : [row('longest transaction of all', 's', longestTransaction / 1_000)]),
  ]
}

function waitsOf({ before, during }: Record<'before' | 'during', Waits>, row: RowOf): Row[] {
  const search = 'search of another tenant'
  return [
    row(`${search} before, median`, 'ms', quantile(before.took, 0.5)),
    row(`${search} before, p99`, 'ms', quantile(before.took, 0.99)),
    row(`${search} meanwhile, median`, 'ms', quantile(during.took, 0.5)),
    row(`${search} meanwhile, p99`, 'ms', quantile(during.took, 0.99)),
    row(`${search} meanwhile, longest`, 'ms', quantile(during.took, 1)),
    row('searches of another tenant that failed', 'searches', before.failed + during.failed),
  ]
}
