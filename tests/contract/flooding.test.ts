// Copies of one document, each changed a little, must not fill an answer (LL06: who can add documents could push all
// others out of sight). That many passages of ONE document do not: search.test.ts, "one hit per document".
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operations as retrieval } from '../../src/features/retrieval/operations.ts'
import type { SearchAnswer } from '../../src/features/retrieval/search-answer.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { embedAll, publishText, servingModelOf } from '../harness/publish.ts'
import { callerOf, type Ask } from '../harness/tenant-caller.ts'

const COPIES = 200
const OTHERS = 30

let db: TestDatabase
let ask: Ask

beforeAll(async () => {
  db = await openTestDatabase()
  const tenant = await db.createTenant()
  ask = callerOf(db.database, retrieval({ servingModel: servingModelOf() }), tenant)
  // All that is asked for, again and again: every copy ranks above every other document.
  const pitch = Array.from({ length: 40 }, (_, at) => `supplier audit reason${at}`)
    .join(' ')
    .split(' ')
  for (let at = 0; at < COPIES; at++) {
    const content = pitch.with(at % pitch.length, `changed${at}`).join(' ')
    await publishText(db.database, tenant, { title: `Copy ${at}`, content })
  }
  for (let at = 0; at < OTHERS; at++) {
    const own = Array.from({ length: 50 }, (_, place) => `topic${at}x${place}`).join(' ')
    await publishText(db.database, tenant, { title: `Other ${at}`, content: `A supplier audit of ${own}.` })
  }
  await embedAll(db.database, tenant)
}, 120_000)
afterAll(() => db.close())

describe.each(['search_documents', 'hybrid_search'])(
  'LL06 %s with 200 near-duplicates before 30 others',
  operation => {
    const search = (limit: number) => ask<SearchAnswer>(operation, { query: 'supplier audit', limit })

    test('has three of them among its first ten, is full, and says how many moved', async () => {
      const { hits, searched } = await search(10)
      expect(hits.map(hit => hit.title.startsWith('Copy'))).toEqual([
        ...Array.from({ length: 3 }, () => true),
        ...Array.from({ length: 7 }, () => false),
      ])
      expect(searched.near_duplicates).toBe(COPIES - 3)
      expect(new Set(hits.map(hit => hit.doc_id)).size).toBe(10)
    })

    test('loses nothing: behind the others come the copies that moved', async () => {
      const { hits } = await search(50)
      expect(hits).toHaveLength(50)
      expect(hits.filter(hit => hit.title.startsWith('Other'))).toHaveLength(OTHERS)
      expect(hits.slice(3 + OTHERS).every(hit => hit.title.startsWith('Copy'))).toBe(true)
    })
  },
)
