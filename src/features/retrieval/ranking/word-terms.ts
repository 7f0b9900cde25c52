// The terms that the index makes of words, kept for each tenant, so that a search whose words were seen before asks the
// database nothing more. What is kept is a tenant's own: that another has asked makes no difference that could be timed.
import type { ReadCall } from '../../../gate/call.ts'
import { holdings } from '../../../platform/cache/holdings.ts'
import { sql } from '../../../platform/db/statements.ts'

/**
 * The terms of folded words in the languages of the tenant's documents, or in `language` alone: that of the document
 * that the words are of. A word without a term has none in the answer's list. One exchange at most, none when all are
 * known.
 */
export type TermsOfWords = (
  call: Pick<ReadCall, 'principal' | 'readBatch'>,
  words: readonly string[],
  language?: string,
) => Promise<Map<string, readonly string[]>>

export interface WordTermsBounds {
  /** Of all tenants; a quarter of it for one. An entry takes some 250 bytes: 60,000 words. */
  readonly maxBytes?: number
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number
}

/** Of the maps and objects around an entry; a guess on the safe side. */
const ENTRY_BYTES = 200
/** What a word's terms are changes only by the tenant's first or last document of a language. */
const KEPT_MS = 600_000
/** 10 us for each and language. Beyond so many the last ones are answered without terms, and asked for the next time. */
const MOST_ASKED = 2_000

export function wordTerms({ maxBytes = 16_000_000, now = () => performance.now() }: WordTermsBounds = {}): {
  readonly termsOfWords: TermsOfWords
} {
  const held = holdings({ bytes: maxBytes, entries: Math.ceil(maxBytes / ENTRY_BYTES) })

  const known = (tenantId: string, key: string): readonly string[] | undefined => {
    const entry = held.use(tenantId, key)
    if (entry === undefined || entry.endsAt <= now()) return undefined
    // A term holds no space.
    return entry.value.byteLength === 0 ? [] : Buffer.from(entry.value).toString().split(' ')
  }
  const keep = (tenantId: string, key: string, terms: readonly string[]): void => {
    const value = Buffer.from(terms.join(' '))
    const bytes = value.byteLength + 2 * key.length + ENTRY_BYTES
    held.put(tenantId, key, { value, bytes, endsAt: now() + KEPT_MS })
  }
  return {
    async termsOfWords(call, words, language) {
      const { tenantId } = call.principal
      const keyOf = (word: string): string => `${language ?? ''} ${word}`
      const found = new Map(words.map(word => [word, known(tenantId, keyOf(word))]))
      const missing = [...found.keys()].filter(word => found.get(word) === undefined).slice(0, MOST_ASKED)
      if (missing.length > 0) {
        const [rows] = await call.readBatch([termsIn(tenantId, missing, language)])
        const made = Map.groupBy(rows, row => row.word)
        for (const word of missing) {
          const terms = [...new Set((made.get(word) ?? []).map(row => row.term))]
          found.set(word, terms)
          keep(tenantId, keyOf(word), terms)
        }
      }
      return new Map([...found].map(([word, terms]) => [word, terms ?? []]))
    },
  }
}

function termsIn(tenantId: string, words: readonly string[], language: string | undefined) {
  return sql<{ readonly word: string; readonly term: string }>`
    select w.word, t.term
    from app.corpus_language l
    cross join unnest(${words}::text[]) as w (word)
    cross join lateral app.words(w.word, l.language) t
    where l.tenant_id = ${tenantId} and l.documents > 0
      and (${language ?? null}::text is null or l.language = ${language ?? null}::text)`
}
