// The documents of the search benchmark: which tenant has how many, and what the n-th document says. Nothing is stored
// to know it again: the same number makes the same text, the same topic and (planted-vectors.ts) the same vector.
import { seeded, type Random } from '../../ingest/generated-text.ts'

export interface BenchTenant {
  readonly slug: string
  /** The number of its first document; its documents are numbered on from there. */
  readonly first: number
  readonly size: number
}

export interface BenchDocument {
  readonly title: string
  readonly content: string
  /** Its cluster, 0 to 599: words and vector are near those of its neighbours. */
  readonly topic: number
}

export const TENANTS = 20
export const TOPICS = 600
const VOCABULARY = 50_000
/** The commonest words, which no search looks up: a third of a text, as in English prose. */
const FUNCTION_WORDS =
  'the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which'.split(
    ' ',
  )
const SYLLABLES =
  'ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu bra cle dri flo gru ster tion ment'.split(' ')
/** Words that a topic is likely to use; drawn by Zipf's law among themselves. */
const WORDS_OF_TOPIC = 400

/** Sizes fall with rank^-1.5: of 100,000 chunks the largest tenant has 46,000, the tenth 1,458, the last 515. */
export function tenantsOf(chunks: number, slug = 'bench'): BenchTenant[] {
  const shares = Array.from({ length: TENANTS }, (_, at) => (at + 1) ** -1.5)
  const all = shares.reduce((sum, share) => sum + share, 0)
  let first = 0
  return shares.map((share, at) => {
    const tenant = { slug: `${slug}-${at + 1}`, first, size: Math.max(1, Math.round((chunks * share) / all)) }
    first += tenant.size
    return tenant
  })
}

export function topicOf(number: number): number {
  return Math.floor(seeded(number * 7 + 1)() * TOPICS)
}

/** 80 to 200 words: one chunk. */
export function documentOf(number: number): BenchDocument {
  const random = seeded(number * 7 + 2)
  const topic = topicOf(number)
  const count = 80 + Math.floor(random() * 121)
  const words: string[] = []
  for (let at = 0; at < count; at++) words.push(nextWord(random, topic) + (at % 14 === 13 ? '.' : ''))
  const title = Array.from({ length: 4 }, () => contentWord(random, topic)).join(' ')
  return { title, content: words.join(' '), topic }
}

/** 3 to 6 different words of one of the tenant's documents: what somebody asks who has read it. */
export function queryOf(tenant: BenchTenant, at: number): { readonly text: string; readonly about: number } {
  const random = seeded(tenant.first * 31 + at * 7 + 3)
  const about = tenant.first + Math.floor(random() * tenant.size)
  const known = new Set(FUNCTION_WORDS)
  const words = documentOf(about)
    .content.split(/[ .]+/)
    .filter(word => word !== '' && !known.has(word))
  const wanted = 3 + Math.floor(random() * 4)
  const picked = new Set<string>()
  for (let tries = 0; picked.size < wanted && tries < 50; tries++)
    picked.add(words[Math.floor(random() * words.length)] ?? '')
  return { text: [...picked].join(' '), about }
}

function nextWord(random: Random, topic: number): string {
  return random() < 0.33
    ? (FUNCTION_WORDS[Math.floor(random() * FUNCTION_WORDS.length)] ?? 'the')
    : contentWord(random, topic)
}

/** Two in three words are the topic's, the others anybody's. */
function contentWord(random: Random, topic: number): string {
  if (random() < 0.66) {
    const rank = zipf(random, WORDS_OF_TOPIC, 1)
    // Where the topic's words lie in the vocabulary: spread over it, and the same for all its documents.
    return wordAt(Math.floor(seeded(topic * 4_001 + rank * 17 + 5)() ** 2 * VOCABULARY))
  }
  return wordAt(zipf(random, VOCABULARY, 12))
}

/**
 * A rank below `count`, each with a probability of about 1 / (rank + flat). With 12 the commonest content word stands in
 * a quarter of all passages, as in collections of abstracts.
 */
function zipf(random: Random, count: number, flat: number): number {
  const drawn = flat * Math.exp(random() * Math.log((count + flat) / flat)) - flat
  return Math.min(count - 1, Math.floor(drawn))
}

/** A word is its rank, written in syllables; two at least. */
function wordAt(rank: number): string {
  let word = ''
  for (let rest = rank + SYLLABLES.length; rest > 0; rest = Math.floor(rest / SYLLABLES.length))
    word += SYLLABLES[rest % SYLLABLES.length]
  return word
}
