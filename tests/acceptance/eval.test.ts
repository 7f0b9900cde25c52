// `gatehouse eval` as a buyer runs it: figures of a small collection that were worked out by hand, golden sets of a
// tenant, exit codes, and nothing left behind.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ENGINE, failureOf, openDeployment, startProcess, type Deployment } from './server-process.ts'

interface Mode {
  readonly ndcg_at_10: number
  readonly recall_at_100: number
  readonly mrr_at_10: number
  readonly queries_without_hits: number
}
interface Report {
  readonly [count: string]: unknown
  readonly words: Mode
  readonly vectors: Mode
  readonly hybrid: Mode
  readonly sweep: readonly { readonly word_weight: number; readonly ndcg_at_10: number }[]
}

let deployment: Deployment
let folder: string
let set: string
let temporary: string

beforeAll(async () => {
  deployment = await openDeployment()
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-eval-test-'))
  set = join(folder, 'birds')
  temporary = join(folder, 'tmp')
  await mkdir(join(set, 'qrels'), { recursive: true })
  await mkdir(temporary)
  await writeFile(join(set, 'corpus.jsonl.gz'), gzipSync(jsonLines(CORPUS)))
  await writeFile(join(set, 'queries.jsonl'), jsonLines(QUERIES))
  await writeFile(join(set, 'qrels', 'test.tsv'), `query-id\tcorpus-id\tscore\n${JUDGEMENTS.join('\n')}\n`)
})
afterAll(async () => {
  await deployment.close()
  await rm(folder, { recursive: true, force: true })
})

// Texts of equal length: how often a word stands in them is all that ranks them.
const CORPUS = [
  { _id: 'a', title: 'Note', text: 'heron heron heron marsh reed' },
  { _id: 'b', title: 'Note', text: 'heron heron marsh marsh reed' },
  { _id: 'c', title: 'Note', text: 'heron marsh marsh marsh reed' },
  { _id: 'd', title: 'Note', text: 'kingfisher kingfisher river river bank' },
  { _id: 'e e', title: 'Note', text: 'kingfisher river river river bank' },
  { _id: 'f', title: 'Note', text: 'owl barn night moon mouse' },
  { _id: 'blank', title: '', text: ' ' },
]
const QUERIES = [
  { _id: 'q1', text: 'heron' },
  { _id: 'q2', text: 'kingfisher' },
  { _id: '=q3', text: 'xylograph' },
  { _id: 'q4', text: 'nobody judged this' },
  { _id: 'q5', text: 'owl' },
]
const JUDGEMENTS = [
  'q1\tb\t2',
  'q1\ta\t1',
  'q1\tc\t0',
  'q1\tgone\t1',
  'q2\te e\t1',
  '=q3\tf\t1',
  'q5\tf\t0',
  'q6\tf\t1',
]
// q1 ranks a, b, c: (1 + 2/log2 3) / (2 + 1/log2 3 + 1/log2 4) = 0.722424; q2 ranks d, e: 1/log2 3 = 0.630930;
// q3 finds nothing. Recall 2/3, 1, 0; first relevant at 1, 2, never.
const BY_WORDS = { ndcg_at_10: 0.451118, recall_at_100: 0.555556, mrr_at_10: 0.5, queries_without_hits: 1 }

const jsonLines = (values: readonly object[]): string =>
  values.map(value => `${JSON.stringify(value)}\n`).join('')
const near = (mode: Mode): unknown =>
  Object.fromEntries(
    Object.entries(mode).map(([name, value]) => [name, expect.closeTo(Number(value), 6) as number]),
  )

/** The evaluation's folders come and go in a place of the test's own. */
const evaluation = (...args: string[]) => deployment.spawn(['eval', ...args], { TMPDIR: temporary }).ended

describe('on its own ground', () => {
  test('has the figures worked out by hand, counts what is odd, and leaves nothing behind', async () => {
    const csv = join(folder, 'birds.csv')
    const svg = join(folder, 'birds.svg')
    const { code, stdout, stderr } = await evaluation('--set', set, '--json', '--csv', csv, '--svg', svg)
    expect({ code, stderr }).toMatchObject({ code: 0 })
    const report = JSON.parse(stdout) as Report
    expect(report.words).toEqual(near(BY_WORDS))
    expect(report).toMatchObject({
      set: 'birds',
      engine: ENGINE,
      embedding_model: 'local-ngram-1',
      documents: 6,
      queries: 3,
      vector_count: 6,
      queries_without_judgements: 1,
      queries_without_relevant: 1,
      judged_queries_without_text: 1,
      judged_documents_unknown: 1,
      blank_documents: 1,
      queries_without_vector: 0,
    })
    const sweep = report.sweep.map(({ ndcg_at_10 }) => ndcg_at_10)
    expect([sweep[0], sweep[5], sweep[10]]).toEqual([
      report.vectors.ndcg_at_10,
      report.hybrid.ndcg_at_10,
      report.words.ndcg_at_10,
    ])
    const rows = (await readFile(csv, 'utf8')).split('\r\n')
    expect(rows).toHaveLength(1 + 3 * 3 + 1)
    expect(rows[1]).toMatch(/^"q1","heron",words,0\.722424,0\.666667,1,3,3,[\d.]+$/)
    expect(rows[7]).toMatch(/^"'=q3","xylograph",words,0,0,0,1,0,/)
    expect(await readFile(svg, 'utf8')).toMatch(/^<svg [^]*<\/svg>\n$/)
    expect(await readdir(temporary)).toEqual([])
    const tenants = await deployment.json<{ slug: string }[]>('tenant', 'list')
    expect(tenants.filter(({ slug }) => slug.startsWith('eval-'))).toEqual([])
  })

  test('prints a table, and ends with 8 when nDCG@10 is below what is asked for', async () => {
    const low = await evaluation('--set', set, '--min-ndcg', '0.452', '--of', 'words')
    expect(failureOf(low)).toMatchObject({
      exit: 8,
      error: { code: 'check_failed', reason: 'ndcg_below_minimum' },
    })
    expect(low.stdout).toMatch(/^words +0\.4511 +0\.5556 +0\.5000 +1$/m)
    expect(low.stdout).toContain('Note: 1 judged documents are not there')
  })

  test.runIf(ENGINE === 'pglite')('ranks by the vectors of an embedding server', async () => {
    // Two numbers: herons in one direction, everything else in the other.
    const asked: string[] = []
    const server = createServer((request, response) => {
      const pieces: Buffer[] = []
      request.on('data', (piece: Buffer) => pieces.push(piece))
      request.on('end', () => {
        asked.push(request.url ?? '')
        if (request.url !== '/v1/embeddings') return response.writeHead(404).end('{}')
        const { input } = JSON.parse(Buffer.concat(pieces).toString()) as { input: string[] }
        const data = input.map((text, index) => ({
          index,
          embedding: /heron|xylograph/.test(text) ? [1, 0.001] : [0.001, 1],
        }))
        return response.setHeader('content-type', 'application/json').end(JSON.stringify({ data }))
      })
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const { code, stdout, stderr } = await evaluation('--set', set, '--embeddings', url, '--json')
      expect({ code, stderr }).toMatchObject({ code: 0 })
      const report = JSON.parse(stdout) as Report
      expect(report).toMatchObject({
        embedding_model: 'openai:default',
        vector_count: 6,
        words: near(BY_WORDS),
      })
      expect(asked).toEqual(expect.arrayContaining(['/embed', '/api/embed', '/v1/embeddings']))
      // The document of the third query is as far from it as can be.
      expect(report.vectors.recall_at_100).toBeLessThan(1)
    } finally {
      server.close()
    }
  })

  test.runIf(ENGINE === 'postgres')('does not change the model that a server’s tenants share', async () => {
    const refused = failureOf(await evaluation('--set', set, '--embeddings', 'http://127.0.0.1:9'))
    expect(refused).toMatchObject({ exit: 2, error: { code: 'unsupported', reason: 'serving_model' } })
    expect(refused.error.message).toContain('gatehouse embeddings migrate')
  })
})

test('a golden set is asked of the tenant that has the documents, by their external ids', async () => {
  const kept = await evaluation('--set', set, '--keep', '--json', '--limit-queries', '1')
  const [, slug = '', where = deployment.dataDir] =
    /tenant (eval-\w+) is kept in (?:the database|(\S+))/.exec(kept.stderr) ?? []
  const golden = join(folder, 'golden')
  await mkdir(golden)
  await writeFile(join(golden, 'queries.jsonl'), jsonLines(QUERIES))
  // TREC's four columns.
  await writeFile(
    join(golden, 'qrels.tsv'),
    `${JUDGEMENTS.map(line => line.replace('\t', '\t0\t')).join('\n')}\n`,
  )
  const { code, stdout, stderr } = await deployment.spawn(
    ['eval', '--set', golden, '--tenant', slug, '--user', 'ada', '--json'],
    { GATEHOUSE_DATA_DIR: where },
  ).ended
  expect({ code, stderr }).toMatchObject({ code: 0 })
  const report = JSON.parse(stdout) as Report
  expect(report.words).toEqual(near(BY_WORDS))
  expect(report).toMatchObject({ tenant: slug, documents: null, judged_documents_unknown: 1 })
})

describe.runIf(ENGINE === 'pglite')('refuses before anything is opened', () => {
  const refused = async (files: Record<string, string>, ...args: string[]) => {
    const bad = await mkdtemp(join(folder, 'bad-'))
    for (const [name, text] of Object.entries(files)) await writeFile(join(bad, name), text)
    const env = { GATEHOUSE_DATA_DIR: join(folder, 'absent') }
    return failureOf(await startProcess(['eval', '--set', bad, ...args], env).ended)
  }
  const queries = jsonLines([{ _id: '1', text: 'heron' }])

  test.for([
    [{ 'queries.jsonl': queries }, 'has none of qrels.tsv'],
    [
      { 'queries.jsonl': `${queries}\n{"_id": "2"\n`, 'qrels.tsv': '1\ta\t1' },
      'queries.jsonl, line 3: is not JSON',
    ],
    [{ 'queries.jsonl': '{"_id": "1"}', 'qrels.tsv': '1\ta\t1' }, 'queries.jsonl, line 1: text: '],
    [{ 'queries.jsonl': queries + queries, 'qrels.tsv': '1\ta\t1' }, 'line 2: the _id "1" comes twice'],
    [{ 'queries.jsonl': queries, 'qrels.tsv': 'q\td\ts\n1\ta\tgood' }, 'qrels.tsv, line 2: the grade "good"'],
    [{ 'queries.jsonl': queries, 'qrels.tsv': '1 a' }, 'qrels.tsv, line 1: has 2 columns'],
    [{ 'queries.jsonl': queries, 'qrels.tsv': '9\ta\t1' }, 'are the ids the same?'],
    [{ 'queries.jsonl': queries, 'qrels.tsv': '1\ta\t1' }, 'has no corpus.jsonl'],
  ] as const)('%#: a set that is not whole, with the file and the line', async ([files, words]) => {
    const { exit, error } = await refused(files)
    expect({ exit, code: error.code }).toEqual({ exit: 2, code: 'invalid_input' })
    expect(error.message).toContain(words)
  })

  test.for([
    [['--min-ndcg', '68'], '--min-ndcg must be a number from 0 to 1'],
    [['--of', 'words'], '--of needs --min-ndcg'],
    [['--limit-queries', '0'], '--limit-queries must be'],
    [['--tenant', 'acme', '--keep'], '--keep is of no use with --tenant'],
    [['--user', 'ada'], '--user needs --tenant'],
    [['--language', 'klingon'], '--language must be one of english'],
    [['--csv', '/absent/folder/x.csv'], 'Cannot write /absent/folder/x.csv'],
  ] as const)('%s', async ([args, words]) => {
    const { exit, error } = await refused({}, ...args)
    expect(exit).toBe(2)
    expect(error.message).toContain(words)
  })
})
