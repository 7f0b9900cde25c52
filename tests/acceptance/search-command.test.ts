// `gatehouse search` as a person uses it: the list, the numbers behind it, why a document is missing, and exit codes.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Explanation } from '../../src/features/retrieval/explain-search.ts'
import type { SearchAnswer } from '../../src/features/retrieval/search-answer.ts'
import { failureOf, openDeployment, type Deployment, type Finished } from './server-process.ts'

let deployment: Deployment
let folder: string
beforeAll(async () => {
  deployment = await openDeployment()
  await deployment.start()
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-search-test-'))
  await deployment.json('tenant', 'create', 'acme')
  await mkdir(join(folder, 'notes'))
  const notes = {
    'learning.md': '# Guide\n\n## Models\n\nMachine learning finds patterns in data.\n',
    'canteen.md': '# Canteen\n\nSoup on Monday.\n',
    // What a terminal would obey, as text and as title.
    'hostile.md': '# Hostile \u001b[31mtitle\n\nAn albatross \u001b]0;owned\u0007 \u009b2J \u202eflew.\n',
  }
  for (const [name, content] of Object.entries(notes)) await writeFile(join(folder, 'notes', name), content)
  const { code, stderr } = await deployment.command('ingest', join(folder, 'notes'), '--tenant', 'acme')
  if (code !== 0) throw new Error(stderr)
})
afterAll(async () => {
  await deployment.close()
  await rm(folder, { recursive: true, force: true })
})

const search = (...args: string[]): Promise<Finished> =>
  deployment.command('search', ...args, '--tenant', 'acme')
/** A code that a terminal obeys, but for the line's end. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/

describe('the list', () => {
  test('says what was searched for, and of each hit where it stands, why, and what it says', async () => {
    const { code, stdout, stderr } = await search('machien', 'learning', '--words', '--explain')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(
      /^1 hit in acme · by words\nSearched for machine instead of machien\.\n\n 1 {2}learning\n/i,
    )
    expect(stdout).toMatch(/^ {4}score 0\.01639 = 0\.01639 words \(rank 1, BM25 \d\.\d{3}\)$/m)
    expect(stdout).toMatch(/^ {4}(?:machin|learn) \d× \(in 1 passage, idf \d\.\d\d\) · /m)
    expect(stdout).toMatch(/^ {4}id [\w-]{36} · Guide > Models$/m)
    expect(stdout).toContain('Machine learning finds patterns in data.')
    expect(stdout).not.toMatch(OBEYED)
  })
  test('is the operation’s answer with --json', async () => {
    const { hits, weights } = await deployment.json<SearchAnswer>(
      'search',
      'soup',
      '--tenant=acme',
      '--weights=3:1',
      '--limit=1',
      '--explain',
    )
    expect(weights).toEqual({ bm25: 0.75, vector: 0.25 })
    expect(hits).toMatchObject([
      { explanation: { lexical: { rank: 1, matched: [{ term: 'soup', tf: 1, df: 1 }] } } },
    ])
  })
  test('that is empty names the next thing to try', async () => {
    const none = await search('soup', '--words', '--label', 'dinner')
    expect(none).toMatchObject({ code: 0, stderr: '' })
    expect(none.stdout).toBe(
      'Nothing in acme matches.\nLeave out the filter: it may pass by what matches.\nLeave out --words: likeness finds what is said in other words.\n',
    )
  })
  test('holds nothing that a terminal would obey, in JSON neither', async () => {
    const shown = await search('albatross', '--words')
    expect(shown.stdout).toContain('An albatross ]0;owned 2J flew.')
    expect(shown.stdout).not.toMatch(OBEYED)
    const json = await search('albatross', '--words', '--json')
    expect(json.stdout).not.toMatch(OBEYED)
    const [hit] = (JSON.parse(json.stdout) as SearchAnswer).hits
    expect(hit?.content).toContain('albatross')
  })
})

describe('--document', () => {
  test('says why a document is not among the hits', async () => {
    const { hits } = await deployment.json<SearchAnswer>('search', 'soup', '--words', '--tenant', 'acme')
    const { doc_id: id, title } = hits[0]!
    const told = await search('learning', '--words', '--document', id)
    expect(told).toMatchObject({ code: 0, stderr: '' })
    expect(
      told.stdout.startsWith(`${title}\nid ${id}\n\nThe search does not find it: it holds none of the words`),
    ).toBe(true)
    expect(told.stdout).toMatch(/^ {2}lacks {5}learning$/m)
    const found = await deployment.json<Explanation>('search', 'soup', '--tenant', 'acme', '--document', id)
    expect(found).toMatchObject({ document_id: id, found: true, words: { rank: 1, terms: [{ df: 1 }] } })
  })
  test('that is not there ends with 7', async () => {
    expect(failureOf(await search('soup', '--document', 'nothing'))).toMatchObject({
      exit: 7,
      error: { code: 'not_found', message: 'There is no such document.' },
    })
  })
})

describe('what is refused', () => {
  test('a search without a tenant, or of one that is not there', async () => {
    const without = failureOf(await deployment.command('search', 'soup'))
    expect(without).toMatchObject({ exit: 2, error: { code: 'invalid_input' } })
    const unknown = failureOf(await deployment.command('search', 'soup', '--tenant', 'nobody'))
    expect(unknown).toMatchObject({ exit: 7, error: { reason: 'unknown_tenant' } })
  })
  test('a limit out of bounds, in the operation’s words', async () => {
    const { exit, error } = failureOf(await search('soup', '--limit', '51'))
    expect({ exit, message: error.message }).toEqual({
      exit: 2,
      message: 'limit must be between 1 and 50, got 51',
    })
  })
})
