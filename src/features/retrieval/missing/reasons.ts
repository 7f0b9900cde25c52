// Why a document is where it is in a search, or is not: told from facts alone, each reason a sentence for a person.
import type { Narrowed, Standing } from './standing.ts'

export const REASON_CODES = [
  'filter',
  'excluded',
  'phrase_missing',
  'phrases_apart',
  'near_duplicate',
  'outscored',
  'ranked_by_words',
  'ranked_by_likeness',
  'no_words',
  'no_known_words',
  'words_not_asked',
  'words_beyond_candidates',
  'words_left_unread',
  'unlike',
  'likeness_not_asked',
  'likeness_beyond_candidates',
  'likeness_overlooked',
  'vector_pending',
  'no_vector',
  'degraded',
  'corrected_otherwise',
] as const

export interface Reason {
  readonly code: (typeof REASON_CODES)[number]
  readonly say: string
}

/** The heaviest first. What leaves the document out makes every other reason idle, and stands alone. */
export function reasons(standing: Standing): Reason[] {
  const left = leftOut(standing.narrowing)
  if (left.length > 0) return left
  return [
    ...behind(standing),
    ...byWords(standing),
    ...byLikeness(standing),
    ...standing.otherwise.map(({ from, to, held }) => ({
      code: 'corrected_otherwise' as const,
      say: `“${from}” stands in no document and was read as “${to}”; this document holds “${held}”.`,
    })),
  ]
}

/** One sentence. */
export function verdict({ fused, limit, narrowing }: Standing, given: readonly Reason[]): string {
  const [first] = given
  if (fused !== undefined && fused.place <= limit) return `It is hit ${fused.place}.`
  const all = given.map(({ say }) => inner(say)).join('; ')
  if (leftOut(narrowing).length > 0) return `The search leaves it out: ${all}.`
  if (fused !== undefined)
    return `It is number ${fused.place}, and ${limit} were asked for: ${inner(first?.say ?? '')}.`
  return `The search does not find it: ${all}.`
}

/** A sentence as part of another. */
function inner(say: string): string {
  return say
    .replace(/\.$/, '')
    .replace(/^(?:It|Its|By|None|No|Other|Words|Likeness|The)\b/, begin => begin.toLowerCase())
}

function leftOut(narrowing: readonly Narrowed[]): Reason[] {
  const found = narrowing.flatMap(part => leftOutBy(part))
  const phrases = narrowing.filter(({ kind }) => kind === 'phrase')
  const [first] = phrases
  if (first === undefined || phrases.some(({ holds }) => !holds)) return found
  const together = first.chunks.filter(chunk => phrases.every(({ chunks }) => chunks.includes(chunk)))
  if (together.length > 0) return found
  const say = `It holds ${listed(phrases)}, but no passage of it holds all of them.`
  return [...found, { code: 'phrases_apart', say }]
}

function leftOutBy({ kind, text, holds, has }: Narrowed): Reason[] {
  if (kind === 'excluded') {
    return holds ? [{ code: 'excluded', say: `It holds “${text}”, which the query excludes.` }] : []
  }
  if (holds) return []
  if (kind === 'phrase')
    return [{ code: 'phrase_missing', say: `No passage of it holds “${text}” as quoted.` }]
  const own = has.length === 0 ? 'it has none' : `its own: ${has.join(', ')}`
  return [{ code: 'filter', say: `It does not meet the filter’s ${text} (${own}).` }]
}

function listed(phrases: readonly Narrowed[]): string {
  return phrases.map(({ text }) => `“${text}”`).join(' and ')
}

function behind({ fused, limit, last, copyOf }: Standing): Reason[] {
  if (fused === undefined || fused.place <= limit) return []
  if (copyOf !== undefined) {
    const say = `It says nearly the same as hit ${copyOf.place} (${copyOf.title}); of such documents only the first few keep their place.`
    return [{ code: 'near_duplicate', say }]
  }
  const than = last === undefined ? '' : `, the last hit shown has ${last.score.toFixed(5)}`
  return [
    { code: 'outscored', say: `Other documents are better: its score is ${fused.score.toFixed(5)}${than}.` },
  ]
}

function byWords({ words, fused, depth, limit }: Standing): Reason[] {
  if (words === undefined) {
    return [{ code: 'words_not_asked', say: 'Words were not asked for: their weight is 0.' }]
  }
  const { rank, score = 0, documents, terms, missing } = words
  if (terms.length === 0) {
    return [{ code: 'no_known_words', say: 'No document holds a word of the query that counts.' }]
  }
  if (rank === undefined) {
    return [
      {
        code: 'no_words',
        say: `It holds none of the words looked up: ${terms.map(({ term }) => term).join(', ')}.`,
      },
    ]
  }
  const at = `By words it is number ${rank} of ${documents} (BM25 ${score.toFixed(3)})`
  if (fused?.byWords === true) {
    const lacks = missing.length === 0 ? '' : `; its best passage lacks ${missing.slice(0, 20).join(', ')}`
    return [{ code: 'ranked_by_words', say: `${at}${lacks}.` }]
  }
  if (rank > depth)
    return [{ code: 'words_beyond_candidates', say: `${at}, and only the first ${depth} count.` }]
  const say = `${at}; of a large tenant, places after the first ${limit} are not all read.`
  return [{ code: 'words_left_unread', say }]
}

function byLikeness({ vector, fused, depth, degraded }: Standing): Reason[] {
  if (vector === undefined) {
    return [{ code: 'likeness_not_asked', say: 'Likeness was not asked for: its weight is 0.' }]
  }
  const { rank, similarity, documents, passages, vectors, pending } = vector
  const waits: Reason[] =
    pending === 0
      ? []
      : [
          {
            code: 'vector_pending',
            say: `Its vectors are still to be made for ${pending} of its ${passages} passages.`,
          },
        ]
  if (degraded !== undefined) return [{ code: 'degraded', say: degraded }, ...waits]
  if (vectors === 0) {
    const none: Reason = {
      code: 'no_vector',
      say: 'Its text holds nothing that the model makes a vector of.',
    }
    return waits.length > 0 ? waits : [none]
  }
  const cosine = `cosine ${(similarity ?? 0).toFixed(3)}`
  if (rank === undefined) {
    return [
      { code: 'unlike', say: `Its nearest passage is not like the query (${cosine}; above 0 counts).` },
      ...waits,
    ]
  }
  const at = `By likeness it is number ${rank} of ${documents} (${cosine})`
  if (fused?.byVector === true) return [{ code: 'ranked_by_likeness', say: `${at}.` }, ...waits]
  if (rank > depth) {
    return [
      { code: 'likeness_beyond_candidates', say: `${at}, and only the first ${depth} count.` },
      ...waits,
    ]
  }
  return [
    { code: 'likeness_overlooked', say: `${at}; the index, which is approximate, passed it over.` },
    ...waits,
  ]
}
