// What a large tenant's search leaves unread changes none of the documents that were asked for.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lexical, type LexicalOptions } from '../../src/features/retrieval/branches/lexical.ts'
import { conditionsOf } from '../../src/features/documents/list-documents.ts'
import { readQuery } from '../../src/features/retrieval/query/read-query.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { publishIn } from '../harness/publish.ts'

/** As many passages as make a tenant large; the statement is chosen by what is known, not by what is there. */
const LARGE = { passages: 1_000_000 }
const WORDS = Array.from({ length: 60 }, (_, at) => `w${(at + 360).toString(36)}q`)
const random = randomFrom(7)
let db: TestDatabase
let tenant: string

beforeAll(async () => {
  db = await openTestDatabase()
  tenant = await db.createTenant()
  await db.database.writeAs({ tenantId: tenant, subject: 'tests' }, async tx => {
    for (let at = 0; at < 400; at++) {
      const content = Array.from({ length: 3 + Math.floor(random() ** 3 * 600) }, word).join(' ')
      await publishIn(tx, tenant, {
        title: word(),
        content,
        fields: { labels: [at % 10 === 0 ? 'tenth' : 'rest'] },
      })
    }
  })
}, 120_000)
afterAll(() => db.close())

/** The first words are in most passages, the last in few. */
function word(): string {
  return WORDS[Math.floor(random() ** 3 * WORDS.length)] ?? ''
}

async function found(query: string, options: LexicalOptions): Promise<[string, number][]> {
  const rows = await db.database.readAs({ tenantId: tenant, subject: 't' }, tx =>
    tx.all(lexical(tenant, query, options)),
  )
  return rows.map(({ document_id, score }) => [document_id, score])
}

const QUERIES = Array.from({ length: 27 }, (_, at) =>
  Array.from({ length: 1 + (at % 9) }, () => WORDS[Math.floor(random() ** (at % 3) * WORDS.length)]).join(
    ' ',
  ),
)

describe.each([1, 10])('the first %i', exact => {
  test('are the same documents with the same scores, to the last bit', async () => {
    for (const query of QUERIES) {
      const all = await found(query, {})
      const promising = await found(query, { ...LARGE, exact })
      expect(promising.slice(0, exact), query).toEqual(all.slice(0, exact))
    }
  })

  test('are so behind a filter, a phrase, an excluded word and a citation', async () => {
    const { excluded, phrases } = readQuery(
      `"${WORDS.slice(0, 2).join(' ')}" -${WORDS.slice(40, 41).join('')}`,
    )
    const conditions = conditionsOf({ labels: ['tenth'] })
    const narrowings: LexicalOptions[] = [{ conditions }, { phrases }, { excluded }, { citations: phrases }]
    for (const query of QUERIES.slice(0, 9)) {
      for (const narrowing of narrowings) {
        const all = await found(query, narrowing)
        const promising = await found(query, { ...narrowing, ...LARGE, exact })
        expect(promising.slice(0, exact), query).toEqual(all.slice(0, exact))
      }
    }
  })
})

test('what follows the first is never scored too high, and is in order', async () => {
  for (const query of QUERIES) {
    const scores = new Map(await found(query, { candidates: 1_000 }))
    const promising = await found(query, { ...LARGE, exact: 5 })
    for (const [document, score] of promising) expect(score).toBeLessThanOrEqual(scores.get(document) ?? 0)
    const ordered = promising.map(([, score]) => score)
    expect(ordered).toEqual(ordered.toSorted((a, b) => b - a))
  }
})

/** Mulberry32: the same corpus at every run. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
