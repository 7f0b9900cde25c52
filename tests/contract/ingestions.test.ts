// Files on their way in, through a whole Gatehouse with its parser children and its jobs: sound ones are found, passage
// by passage; hostile ones end with a reason; and whoever follows sees all of it, in order.
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../src/platform/db/statements.ts'
import { append } from '../../src/platform/journal/journal.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { fileClient, type FileClient, type IngestionEvent } from '../harness/file-client.ts'
import { findableFiles, SOUGHT } from '../harness/findable-files.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'
import { indexFaults } from '../harness/index-faults.ts'
import { hostileFiles } from '../harness/sample-files.ts'

let house: TestGatehouse
let tenantId: string
let client: FileClient
let neighbour: FileClient
/** Of each sample file, in the order of the samples, what happened to it. */
const history = new Map<string, IngestionEvent[]>()

const inTenant = <T>(fn: Parameters<typeof house.gatehouse.opened.database.writeAs<T>>[1]) =>
  house.gatehouse.opened.database.writeAs({ tenantId, subject: 'tests' }, fn)

beforeAll(async () => {
  house = await openTestGatehouse({ GATEHOUSE_RATE_PER_SECOND: '10000', GATEHOUSE_RATE_BURST: '10000' })
  tenantId = await house.createTenant('harbour')
  await house.createTenant('neighbour')
  client = fileClient(house, await house.token('harbour'))
  neighbour = fileClient(house, await house.token('neighbour'))
  const files = [...hostileFiles(), ...findableFiles()]
  const ids: string[] = []
  for (const file of files) ids.push(await client.bring(file, { labels: [file.expect] }))
  const ends = await client.ends(ids)
  for (const [at, { name }] of files.entries()) history.set(name, ends.get(ids[at]!)!)
}, 240_000)
afterAll(() => house.close())

const lastOf = (name: string): IngestionEvent => history.get(name)!.at(-1)!
const small = { name: 'small.md', bytes: Buffer.from('# Small\n\nA small cove.\n') }

describe('a sound file', () => {
  test.each(findableFiles().map(({ name }) => name))(
    '%s is found by its words, at the place they stand',
    async name => {
      const { word, title, type, heading, page } = SOUGHT[name]!
      expect(lastOf(name)).toMatchObject({ kind: 'published', data: { outcome: 'added', version: 1 } })
      const { document_id } = lastOf(name).data
      const hits = await client.search(word, { filter: { file_types: [type] } })
      const hit = hits.find(({ doc_id }) => doc_id === document_id)!
      expect(hit, JSON.stringify(hits)).toBeDefined()
      expect(hit).toMatchObject({ title, document_version: 1 })
      expect(hit.content.toLowerCase()).toContain(word)
      if (heading !== undefined) expect(hit.heading).toBe(heading)
      expect(hit.page).toBe(page)
      const { chunk_start: start, chunk_end: end, content } = hit
      const read = await client.tool('retrieve_document', { document_id, start, end })
      expect(read).toMatchObject({ content, start, file_type: type, labels: ['ok'] })
      expect(read['page_starts'] !== undefined).toBe(page !== undefined)
    },
  )

  test('keeps out what a page does not show', async () => {
    for (const word of ['alert', 'ignore', 'evil'])
      expect(await client.search(word, { filter: { labels: ['ok'] } }), word).toEqual([])
  })

  test('has every event of its way in, counted and in order', () => {
    const events = history.get('report.pdf')!
    expect(events.map(({ kind }) => kind)).toEqual(['accepted', 'parsing', 'parsed', 'published'])
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4])
    expect(events[2]?.data).toMatchObject({ pages: 2, file_type: 'pdf', language: 'english' })
  })

  test('leaves the statistics exact, with all that failed beside it', async () => {
    expect(await inTenant(indexFaults)).toEqual([])
  })
})

describe('IN09 a hostile file', () => {
  test.each(hostileFiles().map(({ name, expect: reason }): [string, string] => [name, reason]))(
    '%s fails as %s, in a sentence',
    name => {
      const { expect: reason } = hostileFiles().find(file => file.name === name)!
      const { kind, data } = lastOf(name)
      expect({ kind, data }).toMatchObject({ kind: 'failed', data: { reason, retryable: false } })
      const say = String(data['say'])
      expect(say).toMatch(/^[A-Z][^\n]{10,300}\.$/)
      expect(say).not.toMatch(
        /plain words|Aur|passwd|haha|\bat \S+:\d+|node_modules|\bselect\b|\binsert\b|Error/i,
      )
    },
  )

  test('leaves nothing behind but its file, and that only for a day', async () => {
    const ids = hostileFiles().map(({ name }) => lastOf(name).ingestion_id)
    const [left] = await inTenant(tx =>
      tx.all(sql<{ versions: number; texts: number; chunks: number; hidden: number; kept: number }>`
        select count(v.id)::int as versions, count(t.version_id)::int as texts, count(c.id)::int as chunks,
          count(h.version_id)::int as hidden, count(*) filter (where b.kept)::int as kept
        from app.ingestion i
        left join app.document_version v on v.tenant_id = i.tenant_id and v.id = i.version_id
        left join app.version_text t on t.tenant_id = i.tenant_id and t.version_id = i.version_id
        left join app.chunk c on c.tenant_id = i.tenant_id and c.version_id = i.version_id
        left join app.hidden_version h on h.tenant_id = i.tenant_id and h.version_id = i.version_id
        left join app.blob b on b.tenant_id = i.tenant_id and b.id = i.blob_id
        where i.tenant_id = ${tenantId} and i.id = any(${ids}::uuid[])`),
    )
    expect(left).toEqual({ versions: 0, texts: 0, chunks: 0, hidden: 0, kept: 0 })
  })
})

describe('add_document refuses', () => {
  const data = small.bytes.toString('base64')
  test.each<[string, object, string, string]>([
    ['no source', { name: 'a.md' }, 'content', 'exactly one of'],
    ['two sources', { data, url: 'https://example.com/' }, 'content', 'not 2'],
    ['bad base64', { data: 'not base64!' }, 'data', 'base64'],
    ['base64 of another alphabet', { data: '-_-_' }, 'data', 'base64'],
    ['base64 without its padding', { data: 'YWJjZA' }, 'data', 'base64'],
    ['an empty file in the call', { data: '' }, 'data', 'empty'],
    ['data of a byte too many', { data: Buffer.alloc(1_048_577).toString('base64') }, 'data', 'upload_blob'],
    ['data far beyond', { data: 'A'.repeat(2_000_000) }, 'data', '1398104'],
    ['a url of another scheme', { url: 'file:///etc/passwd' }, 'url', 'http or https'],
    ['a url that is none', { url: 'example dot com' }, 'url', 'http or https'],
    ['a blob_id that is none', { blob_id: 'x' }, 'blob_id', 'UUID'],
    ['NUL in the name', { data, name: 'a\0.md' }, 'name', 'without NUL'],
  ])('%s', async (_, args, field, words) => {
    const refusal = await client.refusal('add_document', args)
    expect(refusal).toMatchObject({ code: 'invalid_input' })
    expect(refusal.issues?.map(issue => issue.field)).toContain(field)
    expect(refusal.message).toContain(words)
  })

  test('a blob that is not complete', async () => {
    const { blob_id } = await client.tool('upload_blob', { data })
    expect(await client.refusal('add_document', { blob_id })).toMatchObject({
      code: 'conflict',
      reason: 'blob_incomplete',
    })
  })

  test("another tenant's blob as it does one that never was", async () => {
    const blob_id = await neighbour.upload(small.bytes)
    const foreign = await client.refusal('add_document', { blob_id })
    expect(foreign).toMatchObject({ code: 'not_found', message: 'There is no such blob.' })
    expect(told(foreign)).toEqual(told(await client.refusal('add_document', { blob_id: uuidv7() })))
    const append = { blob_id, offset: small.bytes.length, data: '' }
    const unknown = { ...append, blob_id: uuidv7() }
    expect(told(await client.refusal('upload_blob', append))).toEqual(
      told(await client.refusal('upload_blob', unknown)),
    )
  })
})

/** A refusal without what differs in every answer. */
const told = (refusal: object) => ({ ...refusal, request_id: undefined })

describe('upload_blob', () => {
  test('takes pieces in order, the last one twice, and gives the hash of the whole', async () => {
    const piece = (text: string) => Buffer.from(text).toString('base64')
    const { blob_id } = await client.tool('upload_blob', { data: piece('The gannet ') })
    const second = { blob_id, offset: 11, data: piece('dives.'), is_last: true }
    const complete = await client.tool('upload_blob', second)
    expect(complete).toMatchObject({ blob_id, received: 17, complete: true })
    expect(complete['sha256']).toMatch(/^[0-9a-f]{64}$/)
    expect(await client.tool('upload_blob', second)).toEqual(complete)
    const { ingestion_id } = await client.tool<{ ingestion_id: string }>('add_document', {
      blob_id,
      name: 'gannet.txt',
    })
    const last = (await client.ends([ingestion_id])).get(ingestion_id)!.at(-1)
    expect(last?.kind).toBe('published')
    expect(await client.search('gannet')).toHaveLength(1)
  })

  test('names the place to go on from when a piece comes for another', async () => {
    const { blob_id } = await client.tool('upload_blob', { data: 'YWJj' })
    for (const offset of [0, 2, 4])
      expect(await client.refusal('upload_blob', { blob_id, offset, data: 'ZGVm' })).toMatchObject({
        code: 'conflict',
        reason: 'wrong_offset',
        message: 'The blob holds 3 bytes; continue at offset 3.',
      })
    expect(await client.tool('upload_blob', { blob_id, offset: 3, data: 'ZGVm' })).toMatchObject({
      received: 6,
    })
  })

  test('takes no more once it is complete', async () => {
    const blob_id = await client.upload(small.bytes)
    const more = { blob_id, offset: small.bytes.length, data: 'YWJj' }
    expect(await client.refusal('upload_blob', more)).toMatchObject({ reason: 'blob_complete' })
  })
})

describe('follow_ingestions', () => {
  const follow = async (who: FileClient, ingestions: object[], wait_seconds = 0): Promise<IngestionEvent[]> =>
    (await who.tool<{ events: IngestionEvent[] }>('follow_ingestions', { ingestions, wait_seconds })).events

  test('goes on from any event, and neither repeats nor leaves one out', async () => {
    for (const name of ['report.pdf', 'locked.pdf', 'line.html']) {
      const events = history.get(name)!
      const { ingestion_id } = lastOf(name)
      expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, at) => at + 1))
      for (const after of [0, ...events.map(({ sequence }) => sequence), 1_000])
        expect(await follow(client, [{ ingestion_id, after }])).toEqual(events.slice(after))
    }
  })

  test('follows many at once, each from its own place', async () => {
    const names = [...history.keys()]
    const cursors = names.map(name => ({
      ingestion_id: lastOf(name).ingestion_id.toUpperCase(),
      after: lastOf(name).sequence - 1,
    }))
    const events = await follow(client, cursors)
    expect(events.toSorted(byId)).toEqual(names.map(lastOf).toSorted(byId))
  })

  test('waits as long as it was asked to, answers at once when something happens, and when nothing more will', async () => {
    const { ingestion_id, sequence } = lastOf('notes.md')
    const cursor = { ingestion_id, after: sequence }
    const input = { ingestions: [cursor], wait_seconds: 20 }
    // It has ended, and all of it was seen: there is nothing to wait for.
    expect(await client.tool('follow_ingestions', input)).toEqual({ events: [], is_over: true })
    const seen = await client.tool('follow_ingestions', { ingestions: [{ ...cursor, after: sequence - 1 }] })
    expect(seen['is_over']).toBe(false)
    await inTenant(tx =>
      tx.run(sql`update app.ingestion set state = 'running', finished_at = null where id = ${ingestion_id}`),
    )
    const before = performance.now()
    expect(await follow(client, [cursor], 1)).toEqual([])
    expect(performance.now() - before).toBeGreaterThan(950)
    let isOver = false
    const waiting = follow(client, [cursor], 20).finally(() => (isOver = true))
    await new Promise(resolve => setTimeout(resolve, 200))
    expect(isOver).toBe(false)
    const written = performance.now()
    await inTenant(tx => append(tx, { tenantId, streamId: ingestion_id }, 'noticed', {}))
    expect(await waiting).toMatchObject([{ ingestion_id, sequence: sequence + 1, kind: 'noticed' }])
    expect(performance.now() - written).toBeLessThan(10_000)
    await inTenant(tx =>
      tx.run(sql`update app.ingestion set state = 'done', finished_at = now() where id = ${ingestion_id}`),
    )
  })

  test("gives nothing of another tenant's ingestion, as of one that never was", async () => {
    const { ingestion_id } = lastOf('notes.txt')
    const own = await neighbour.bring(small)
    await neighbour.ends([own])
    expect(await follow(neighbour, [{ ingestion_id }, { ingestion_id: uuidv7() }])).toEqual([])
    const events = await follow(neighbour, [{ ingestion_id }, { ingestion_id: own }])
    expect(new Set(events.map(event => event.ingestion_id))).toEqual(new Set([own]))
  })
})

const byId = (a: IngestionEvent, b: IngestionEvent) => (a.ingestion_id < b.ingestion_id ? -1 : 1)

interface Listed {
  readonly ingestion_id: string
  readonly state: string
  readonly name?: string
  readonly outcome?: string
  readonly document_id?: string
  readonly problem?: { readonly code: string; readonly reason?: string; readonly say: string }
}

async function listed(who: FileClient, args: object = {}): Promise<Listed[]> {
  const all: Listed[] = []
  let next: { cursor?: string } | undefined = {}
  while (next !== undefined) {
    const page: { ingestions: Listed[]; next_cursor?: string } = await who.tool('list_ingestions', {
      ...args,
      ...next,
    })
    all.push(...page.ingestions)
    next = page.next_cursor === undefined ? undefined : { cursor: page.next_cursor }
  }
  return all
}

describe('list_ingestions', () => {
  test('pages through all of them, newest first, each once', async () => {
    const all = await listed(client, { limit: 100 })
    expect(await listed(client, { limit: 7 })).toEqual(all)
    const ids = all.map(({ ingestion_id }) => ingestion_id)
    expect(ids).toEqual([...new Set(ids)].toSorted().toReversed())
    expect(ids).toEqual(expect.arrayContaining([...history.keys()].map(name => lastOf(name).ingestion_id)))
  })

  test('tells those that failed, with their reason, from those that are done, with their document', async () => {
    const failed = await listed(client, { state: 'failed', limit: 10 })
    for (const { name, expect: reason } of hostileFiles())
      expect(failed.find(one => one.ingestion_id === lastOf(name).ingestion_id)).toMatchObject({
        name,
        problem: { reason, say: lastOf(name).data['say'] },
      })
    const done = await listed(client, { state: 'done' })
    expect(
      [...failed, ...done].every(
        ({ problem, document_id }) => (problem === undefined) === (document_id !== undefined),
      ),
    ).toBe(true)
    const named = done.find(({ ingestion_id }) => ingestion_id === lastOf('report.pdf').ingestion_id)
    expect(named).toMatchObject({
      state: 'done',
      outcome: 'added',
      document_id: lastOf('report.pdf').data['document_id'],
    })
    expect(await listed(client, { state: 'running' })).toEqual([])
    expect(await client.refusal('list_ingestions', { state: 'lost' })).toMatchObject({
      issues: [{ field: 'state' }],
    })
  })

  test('shows no tenant what another brought', async () => {
    const own = new Set((await listed(client)).map(({ ingestion_id }) => ingestion_id))
    expect((await listed(neighbour)).filter(({ ingestion_id }) => own.has(ingestion_id))).toEqual([])
  })
})

describe('retry_ingestion', () => {
  test('takes a failed file up again, as a new ingestion of the same file', async () => {
    const failed = lastOf('cut.pdf')
    const { ingestion_id } = await client.tool<{ ingestion_id: string }>('retry_ingestion', {
      ingestion_id: failed.ingestion_id,
    })
    expect(ingestion_id).not.toBe(failed.ingestion_id)
    const events = (await client.ends([ingestion_id])).get(ingestion_id)!
    expect(events[0]).toMatchObject({ kind: 'accepted', data: { name: 'cut.pdf' } })
    expect(events.at(-1)).toMatchObject({ kind: 'failed', data: failed.data })
  })

  test('is refused for one that is done', async () => {
    const { ingestion_id } = lastOf('notes.md')
    expect(await client.refusal('retry_ingestion', { ingestion_id })).toMatchObject({
      code: 'conflict',
      reason: 'not_failed',
    })
  })

  test('says so when the file has been swept', async () => {
    const { ingestion_id } = lastOf('blank.pdf')
    const swept = await inTenant(tx =>
      tx.run(sql`
        delete from app.blob b using app.ingestion i
        where b.tenant_id = ${tenantId} and i.tenant_id = ${tenantId} and i.id = ${ingestion_id} and b.id = i.blob_id`),
    )
    expect(swept).toBe(1)
    expect(await client.refusal('retry_ingestion', { ingestion_id })).toMatchObject({ reason: 'file_gone' })
  })

  test("answers for another tenant's as for one that never was", async () => {
    const { ingestion_id } = lastOf('cut.docx')
    const theirs = await neighbour.refusal('retry_ingestion', { ingestion_id })
    expect(theirs).toMatchObject({ code: 'not_found', message: 'There is no such ingestion.' })
    expect(told(theirs)).toEqual(told(await neighbour.refusal('retry_ingestion', { ingestion_id: uuidv7() })))
  })
})

test('an address inside the network fails as not allowed, and nobody connects to it', async () => {
  let connections = 0
  const inside = createServer(socket => {
    connections++
    socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\nThe vault.')
  })
  inside.listen(0, '::')
  await once(inside, 'listening')
  const { port } = inside.address() as AddressInfo
  const probe = await fetch(`http://127.0.0.1:${port}/`)
  expect([await probe.text(), connections]).toEqual(['The vault.', 1])
  const hosts = ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0.0.0.0', '0x7f.1']
  const urls = [
    ...hosts.map(host => `http://${host}:${port}/`),
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.1/',
    'http://192.168.1.1/',
    'http://[fd00::1]/',
    'http://metadata.google.internal/',
  ]
  const ids: string[] = []
  for (const url of urls) ids.push(String((await client.tool('add_document', { url }))['ingestion_id']))
  const ends = await client.ends(ids)
  for (const [at, url] of urls.entries()) {
    const { kind, data } = ends.get(ids[at]!)!.at(-1)!
    expect({ url, kind, ...data }).toMatchObject({
      kind: 'failed',
      code: 'invalid_input',
      reason: 'url_not_allowed',
    })
  }
  expect(connections).toBe(1)
  inside.close()
})
