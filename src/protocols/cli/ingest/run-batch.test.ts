import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fault } from '../../../platform/faults.ts'
import { NO_SERVER } from '../connection/connection.ts'
import { IN_FLIGHT, runBatch, type BatchDeps } from './run-batch.ts'
import type { Source } from './sources/source.ts'

type Input = Record<string, unknown>
type Run = BatchDeps['caller']['run']

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-batch-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, content: string | Buffer = name): Source {
  const label = join(folder, name)
  writeFileSync(label, content)
  return { kind: 'file', label, name, externalId: `file:${name}`, bytes: content.length }
}

/** Every ingestion takes `steps` events, slow.md but its first; `trouble` may break an answer after the work is done. */
function scriptedServer({
  steps = ['accepted', 'parsing', 'published'],
  trouble = () => undefined,
}: {
  steps?: readonly string[]
  trouble?: (operation: string, call: number, input: Input) => void
} = {}) {
  const blobs = new Map<string, Buffer>()
  const documents = new Map<string, Buffer>()
  const started = new Map<string, number>()
  const calls: string[] = []
  let [inFlight, most] = [0, 0]

  const operations: Record<string, (input: Input, signal?: AbortSignal) => Promise<Input>> = {
    async upload_blob({ blob_id = `blob-${blobs.size}`, offset, data, is_last }) {
      const id = blob_id as string
      const held = blobs.get(id) ?? Buffer.alloc(0)
      const bytes = Buffer.from(data as string, 'base64')
      expect(bytes.length).toBeLessThanOrEqual(1_048_576)
      const isRepeated = (offset as number) + bytes.length === held.length
      if (!isRepeated && offset !== held.length) throw fault('conflict', { reason: 'wrong_offset' })
      if (!isRepeated) blobs.set(id, Buffer.concat([held, bytes]))
      return { blob_id: id, received: (offset as number) + bytes.length, complete: is_last }
    },
    async add_document({ data, blob_id, url, external_id }) {
      const bytes =
        typeof data === 'string'
          ? Buffer.from(data, 'base64')
          : (blobs.get(blob_id as string) ?? Buffer.from(url as string))
      documents.set(external_id as string, bytes)
      const id = `ingestion-${external_id as string}`
      started.set(id, performance.now())
      most = Math.max(most, ++inFlight)
      return { status: 'accepted', ingestion_id: id, cleaned: false, warnings: [] }
    },
    async follow_ingestions({ ingestions, wait_seconds }, signal) {
      const asked = ingestions as { ingestion_id: string; after: number }[]
      expect(asked.length).toBeGreaterThan(0)
      expect(asked.length).toBeLessThanOrEqual(100)
      expect(wait_seconds).toBe(20)
      await sleep(3)
      if (signal?.aborted === true) throw fault('cancelled')
      const events = asked.flatMap(({ ingestion_id, after }) => {
        // One step a call: every ingestion is asked about more than once.
        const kind = (ingestion_id.endsWith('slow.md') ? ['accepted'] : steps)[after]
        if (kind === undefined) return []
        const data = kind === 'published' ? { document_id: `doc-${ingestion_id}`, version: 1, chunks: 2 } : {}
        return [{ ingestion_id, sequence: after + 1, at: 'now', kind, data }]
      })
      if (events.length === 0) {
        // Nobody has news: the question stands until whoever asked takes it back.
        await new Promise<void>((_, reject) => {
          signal?.addEventListener('abort', () => reject(fault('cancelled')), { once: true })
        })
      }
      return { events }
    },
  }
  const run: Run = async (operation, input, signal) => {
    calls.push(operation)
    const answer = await operations[operation]!(input, signal)
    trouble(operation, calls.filter(one => one === operation).length, input)
    return answer
  }
  return { run, documents, blobs, calls, mostInFlight: () => most, ended: () => inFlight-- }
}

function depsFor(server: ReturnType<typeof scriptedServer>, more: Partial<BatchDeps> = {}): BatchDeps {
  return {
    caller: server,
    settings: {},
    standardInput: () => expect.unreachable(),
    watcher: { started: () => {}, sent: () => {}, event: () => {}, ended: () => server.ended() },
    signal: new AbortController().signal,
    patience: { forMs: 2_000, firstPauseMs: 1 },
    ...more,
  }
}

const NO_ANSWER = () => fault('unavailable', { reason: NO_SERVER })

test('many files all go in, never more than eight under way, and every event is told once and in order', async () => {
  const server = scriptedServer()
  const sources = Array.from({ length: 150 }, (_, index) => file(`many-${index}.md`))
  const told = new Map<string, number[]>()
  const { outcomes, goingOn } = await runBatch(
    sources,
    depsFor(server, {
      watcher: {
        started: () => {},
        sent: () => {},
        event: ({ name }, { sequence }) => void told.set(name, [...(told.get(name) ?? []), sequence]),
        ended: () => server.ended(),
      },
    }),
  )
  expect(outcomes.map(({ source }) => source.name).toSorted()).toEqual(
    sources.map(({ name }) => name).toSorted(),
  )
  expect(outcomes.every(({ result, passages }) => result === 'added' && passages === 2)).toBe(true)
  expect(new Set([...told.values()].map(String))).toEqual(new Set(['1,2,3']))
  expect(server.mostInFlight()).toBe(IN_FLIGHT)
  expect(goingOn).toBe(0)
})

test('an ingestion that joins is not kept waiting by those that are silent', async () => {
  const control = new AbortController()
  const server = scriptedServer()
  const slow = file('slow.md')
  const names: string[] = []
  const quick = Array.from({ length: 20 }, (_, index) => file(`quick-${index}.md`))
  const { outcomes, goingOn } = await runBatch([slow, ...quick], {
    ...depsFor(server),
    signal: control.signal,
    watcher: {
      started: () => {},
      sent: () => {},
      event: () => {},
      ended({ source }) {
        server.ended()
        names.push(source.name)
        if (names.length === quick.length) control.abort()
      },
    },
  })
  expect(outcomes).toHaveLength(20)
  expect(goingOn).toBe(1)
})

test('with every third answer lost, every byte arrives once and every file goes in', async () => {
  const server = scriptedServer({
    trouble: (_, call) => {
      if (call % 3 === 0) throw NO_ANSWER()
    },
  })
  const bytes = randomBytes(5 * 1_048_576 + 17)
  const sources = [
    file('large.bin', bytes),
    file('small.md', 'ochre'),
    file('exact.bin', bytes.subarray(0, 2 ** 21)),
  ]
  const { outcomes } = await runBatch(sources, depsFor(server))
  expect(outcomes.map(({ result }) => result)).toEqual(['added', 'added', 'added'])
  expect(server.documents.get('file:large.bin')?.equals(bytes)).toBe(true)
  expect(server.documents.get('file:exact.bin')?.equals(bytes.subarray(0, 2 ** 21))).toBe(true)
  expect(server.documents.get('file:small.md')?.toString()).toBe('ochre')
})

test('a blob that the server has lost is sent once more from the beginning', async () => {
  let lost = 0
  const server = scriptedServer({
    trouble: (operation, call) => {
      if (operation !== 'upload_blob' || call !== 2) return
      lost++
      throw fault('not_found')
    },
  })
  const bytes = randomBytes(3_000_000)
  const { outcomes } = await runBatch([file('twice.bin', bytes)], depsFor(server))
  expect(outcomes).toMatchObject([{ result: 'added' }])
  expect(server.documents.get('file:twice.bin')?.equals(bytes)).toBe(true)
  expect(lost).toBe(1)
})

test('standard input of any size arrives whole', async () => {
  const bytes = randomBytes(2_500_000)
  for (const [name, content] of [
    ['short.md', Buffer.from('sienna')],
    ['long.md', bytes],
  ] as const) {
    const server = scriptedServer()
    async function* standardInput() {
      for (let at = 0; at < content.length; at += 65_536) yield content.subarray(at, at + 65_536)
    }
    const source: Source = { kind: 'stdin', label: '-', name, externalId: `file:${name}`, bytes: 0 }
    await runBatch([source], depsFor(server, { standardInput }))
    expect(server.documents.get(`file:${name}`)?.equals(content)).toBe(true)
  }
})

test('what is wrong with one file is told of it, and the others go in', async () => {
  const server = scriptedServer({
    trouble: (operation, _, { external_id }) => {
      if (operation === 'add_document' && external_id === 'file:refused.md')
        throw fault('unsupported', { reason: 'file_type', say: 'No reader for this.' })
    },
  })
  const gone: Source = {
    kind: 'file',
    label: join(folder, 'gone'),
    name: 'gone',
    externalId: 'file:gone',
    bytes: 1,
  }
  const closed: Source = { ...gone, label: 'closed', name: 'closed', unreadable: 'EACCES' }
  const sources = [gone, closed, file('empty.md', ''), file('refused.md'), file('good.md')]
  const { outcomes } = await runBatch(sources, depsFor(server))
  const by = Object.fromEntries(outcomes.map(({ source, problem }) => [source.name, problem]))
  expect(by).toMatchObject({
    gone: { reason: 'unreadable', say: `Cannot read ${gone.label}: it is gone.` },
    closed: { reason: 'unreadable', say: 'Cannot read closed: it may not be read.' },
    'empty.md': { reason: 'empty' },
    'refused.md': { code: 'unsupported', reason: 'file_type', say: 'No reader for this.' },
  })
  expect(by['good.md']).toBeUndefined()
})

test('the server’s own failed event is a failed file with its reason', async () => {
  const server = scriptedServer()
  const run: Run = async (operation, input, signal) => {
    if (operation !== 'follow_ingestions') return server.run(operation, input, signal)
    const [{ ingestion_id }] = input['ingestions'] as [{ ingestion_id: string }]
    const data = {
      code: 'invalid_input',
      reason: 'encrypted',
      say: 'The PDF needs a password.',
      retryable: false,
    }
    return { events: [{ ingestion_id, sequence: 1, at: 'now', kind: 'failed', data }] }
  }
  const { outcomes } = await runBatch([file('locked.pdf')], { ...depsFor(server), caller: { run } })
  expect(outcomes).toMatchObject([
    { result: 'failed', problem: { reason: 'encrypted', say: 'The PDF needs a password.' } },
  ])
})

test('a server that stays away ends the run at once for all files', async () => {
  const server = scriptedServer({
    trouble: () => {
      throw NO_ANSWER()
    },
  })
  const sources = Array.from({ length: 40 }, (_, index) => file(`away-${index}.md`))
  const { outcomes, problem } = await runBatch(
    sources,
    depsFor(server, { patience: { forMs: 30, firstPauseMs: 5 } }),
  )
  expect(problem).toMatchObject({ code: 'unavailable', reason: NO_SERVER })
  expect(outcomes).toEqual([])
  expect(server.documents.size).toBeLessThanOrEqual(IN_FLIGHT)
})

test('an interrupted run sends nothing more and knows what goes on in the server', async () => {
  const control = new AbortController()
  const server = scriptedServer({ steps: ['accepted', 'parsing'] })
  const sources = Array.from({ length: 30 }, (_, index) => file(`stop-${index}.md`))
  setTimeout(() => control.abort(), 100)
  const { outcomes, goingOn, problem } = await runBatch(sources, depsFor(server, { signal: control.signal }))
  expect({ outcomes, goingOn, problem }).toEqual({ outcomes: [], goingOn: IN_FLIGHT, problem: undefined })
  expect(server.documents.size).toBe(IN_FLIGHT)
})
