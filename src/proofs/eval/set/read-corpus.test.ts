// What becomes of a collection's documents and judgements on their way in.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asFault } from '../../../platform/faults.ts'
import { keyOf, readCorpus, type CorpusDocument } from './read-corpus.ts'
import { readJudgements } from './read-judgements.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-set-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, content)
  return file
}

async function corpusOf(...documents: object[]): Promise<CorpusDocument[]> {
  const file = await fileOf('corpus.jsonl', documents.map(one => JSON.stringify(one)).join('\r\n'))
  return Array.fromAsync(readCorpus(file))
}

const sayOf = async (running: Promise<unknown>): Promise<string> => {
  try {
    await running
  } catch (error) {
    return asFault(error).say
  }
  return 'accepted'
}

test('no word of a title or a text is lost, and none counts twice', async () => {
  const title = 'heron '.repeat(100).trim()
  const [both, untitled, alone, long, blank] = await corpusOf(
    { _id: 1, title: ' Herons ', text: 'Marsh.' },
    { _id: '2', title: null, text: 'A short one.' },
    { _id: 'a', title: 'Herons', text: '' },
    { _id: 'b', title, text: 'Marsh.' },
    { _id: 'c', title: '', text: ' ' },
  )
  expect(both).toMatchObject({ id: '1', title: 'Herons', content: 'Marsh.' })
  expect(untitled).toMatchObject({ title: '—', content: 'A short one.' })
  expect(alone).toMatchObject({ title: '—', content: 'Herons' })
  expect(long).toMatchObject({ title: '—', content: `${title}\n\nMarsh.` })
  expect(blank).toMatchObject({ title: '—', content: '' })
})

test('an id is the external id, or its hash where it can be none', () => {
  expect(keyOf('any id at all')).toBe('any id at all')
  expect(keyOf('x'.repeat(501))).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(keyOf('a\0b')).not.toBe(keyOf('ab'))
})

test('an id that comes twice is told with its line', async () => {
  const twice = { _id: 'a', text: 'x' }
  expect(await sayOf(corpusOf(twice, twice))).toContain('line 2: the _id "a" comes twice')
})

test('a packed file that is cut off is told, and by its name', async () => {
  const packed = gzipSync(`${JSON.stringify({ _id: 'a', text: 'heron '.repeat(1000) })}\n`)
  const file = await fileOf('corpus.jsonl.gz', packed.subarray(0, packed.length - 12))
  expect(await sayOf(Array.fromAsync(readCorpus(file)))).toMatch(/corpus\.jsonl\.gz cannot be read .*\(Z_/)
})

test('judgements are read with and without a header, in three columns and in four', async () => {
  const expected = new Map([['1', new Map(Object.entries({ 'a b': 2, c: -1 }))]])
  for (const text of [
    'query-id\tcorpus-id\tscore\n1\ta b\t2\n1\tc\t-1\n',
    '1\ta b\t2\n1\tc\t-1',
    '1\t0\ta b\t2\r\n1\tQ0\tc\t-1\r\n',
  ])
    expect(await readJudgements(await fileOf('qrels.tsv', text))).toEqual(expected)
  const trec = await fileOf('qrels.trec', '1 0 a 2\n  1 0 c -1\n')
  expect(await readJudgements(trec)).toEqual(new Map([['1', new Map(Object.entries({ a: 2, c: -1 }))]]))
})
