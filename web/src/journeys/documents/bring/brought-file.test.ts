import { expect, test } from 'vitest'
import type { Ingestion, IngestionEvent } from '../../../api/operations.gen.ts'
import { findableWords, sizeWords, stageWords, summaryWords } from './bring-words.ts'
import { after, fromIngestion, isUnsent, stillOpen, type BroughtFile } from './brought-file.ts'

const file: BroughtFile = {
  key: '1',
  name: 'a.md',
  size: 1_000,
  source: { kind: 'file', file: new File(['x'], 'a.md') },
  settings: { labels: [], collection: undefined, access: undefined, isNextVersion: true },
  stage: { at: 'uploading', sent: 250 },
}
const event = (kind: string, data: IngestionEvent['data'] = {}): IngestionEvent => ({
  ingestion_id: 'i',
  sequence: 1,
  at: '2026-01-01T00:00:00Z',
  kind,
  data,
})
const listed = (id: string, state: Ingestion['state'], name: string): Ingestion => ({
  ingestion_id: id,
  state,
  name,
  created_at: '2026-01-01T00:00:00Z',
})

test('a file is told stage by stage until it is found', () => {
  const told = [stageWords(file)]
  let now = file
  for (const next of [
    event('accepted'),
    event('parsing'),
    event('parsed', { characters: 2_000 }),
    event('indexing', { characters_done: 500, characters: 2_000 }),
    event('something new'),
    event('published', { document_id: 'd', outcome: 'added', chunks: 3 }),
  ]) {
    now = after(now, next)
    told.push(stageWords(now))
  }
  expect(told).toEqual([
    'Uploading, 25 %',
    'Queued',
    'Being read',
    'Read: 2,000 characters; being cut into passages',
    'Indexing its words, 25 %',
    'Indexing its words, 25 %',
    'Added, 3 passages',
  ])
  expect(now.documentId).toBe('d')
  expect(findableWords(now)).toBe('Words searchable')
  const counted = { document_id: 'd', passages: 3, pending: 2 }
  expect(findableWords({ ...now, vectors: counted })).toBe('Words searchable, vectors of 1 of 3 passages')
  expect(findableWords({ ...now, vectors: { ...counted, pending: 0 } })).toBe(
    'Words searchable, vectors ready',
  )
})

test('a file that fails says why in the words of the server', () => {
  const failed = after(
    file,
    event('failed', { say: 'The file is damaged.', code: 'invalid_input', reason: 'damaged' }),
  )
  expect(stageWords(failed)).toBe('The file is damaged.')
  expect(summaryWords([failed, file])).toBe('0 of 2 files in, 1 under way, 1 failed')
})

test('only what the browser still holds would be lost with the page', () => {
  expect(isUnsent(file)).toBe(true)
  expect(isUnsent(after(file, event('accepted')))).toBe(false)
  expect(isUnsent(fromIngestion(listed('i', 'queued', 'a')))).toBe(false)
})

test('of the ingestions before, those on their way and the failed ones that nothing replaced are taken up', () => {
  const open = stillOpen([
    listed('5', 'done', 'a'),
    listed('4', 'failed', 'b'),
    listed('3', 'failed', 'a'),
    listed('2', 'running', 'a'),
    listed('1', 'failed', 'b'),
  ])
  expect(open.map(({ ingestion_id }) => ingestion_id)).toEqual(['4', '2'])
})

test.each([
  [912, '912 bytes'],
  [1, '1 byte'],
  [1_536, '1.5 KB'],
  [50 * 1_048_576, '50 MB'],
])('%d bytes are said as %s', (bytes, words) => expect(sizeWords(bytes)).toBe(words))
