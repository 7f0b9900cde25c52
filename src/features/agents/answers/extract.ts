// The built-in model: the sentences of the passages that best fit the question, quoted with their numbers. It writes
// nothing of its own and costs nothing.
import { cite, type Cited } from '../citations/citation.ts'
import type { Passage } from './passage.ts'

export interface Extract {
  readonly text: string
  readonly citations: readonly Cited[]
}

const MOST_SENTENCES = 3
/** A sentence that fits less than this share of the best one's fit is not worth reading. */
const WORTH = 0.5
/** UTF-16 code units: shorter pieces are headings and list marks, longer ones are cut. */
const SHORTEST = 15
const LONGEST = 500

interface Sentence {
  readonly passage: Passage
  readonly start: number
  readonly end: number
  readonly words: ReadonlySet<string>
}

export function extract(question: string, passages: readonly Passage[]): Extract {
  const sentences = passages.flatMap(sentencesOf)
  const asked = wordsOf(question)
  const rarity = raritiesOf(asked, sentences)
  const scored = sentences
    .map(sentence => ({ sentence, score: fit(sentence, rarity) }))
    .toSorted((one, other) => other.score - one.score)
  const best = scored[0]
  if (best === undefined) return { text: 'Nothing was found in the documents.', citations: [] }
  const worth = scored
    .slice(0, MOST_SENTENCES)
    .filter(({ score }, at) => at === 0 || (score > 0 && score >= best.score * WORTH))
  const citations = worth.map(({ sentence: { passage, start, end } }) => cite(passage, start, end))
  return {
    text: citations.map(({ quote, n }) => `“${plain(quote)}” [${n}]`).join('\n'),
    citations,
  }
}

/** Rare words count more; passages come best first, and of equal sentences the earlier one wins. */
function fit({ words, passage }: Sentence, rarity: ReadonlyMap<string, number>): number {
  let sum = 0
  for (const word of words) sum += rarity.get(word) ?? 0
  return sum / (1 + passage.n / 10) / Math.log(8 + words.size)
}

/** Counted once: a question of a thousand words is not looked up in every sentence for every sentence. */
function raritiesOf(asked: ReadonlySet<string>, all: readonly Sentence[]): Map<string, number> {
  const holding = new Map<string, number>()
  for (const { words } of all)
    for (const word of words) if (asked.has(word)) holding.set(word, (holding.get(word) ?? 0) + 1)
  return new Map([...holding].map(([word, count]) => [word, Math.log(1 + all.length / count)]))
}

function sentencesOf(passage: Passage): Sentence[] {
  const { content } = passage
  const found: Sentence[] = []
  for (const line of content.matchAll(/[^\n]+/g)) {
    for (const { segment, index } of SENTENCES.segment(line[0])) {
      const start = line.index + index + (MARKS_BEFORE.exec(segment)?.[0].length ?? 0)
      const end = Math.min(line.index + index + segment.trimEnd().length, start + LONGEST)
      if (end - start < SHORTEST) continue
      found.push({ passage, start, end, words: wordsOf(content.slice(start, end)) })
    }
  }
  // A passage of headings alone is quoted as it is.
  if (found.length > 0 || content.trim() === '') return found
  return [{ passage, start: 0, end: Math.min(content.length, LONGEST), words: wordsOf(content) }]
}

/** Of Markdown: headings, lists, quotes, the end of what is bold. */
const MARKS_BEFORE = /^[\s#>*_|-]+/
const SENTENCES = new Intl.Segmenter('en', { granularity: 'sentence' })

/** For reading: without the marks of emphasis and code that a cut may have left alone, and table rows as lists. */
function plain(quote: string): string {
  const text = quote
    .replaceAll(/\*\*|__|`/g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?\|[ |]*/g, ', ')
  let end = text.length
  while (end > 0 && ', '.includes(text.charAt(end - 1))) end--
  return text.slice(0, end).replace(/^[, ]+/, '')
}

/** Folded, and cut to their beginnings, so that "signed" and "signing" are one. */
function wordsOf(text: string): Set<string> {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]{2,}/gu) ?? []
  return new Set(words.map(word => word.slice(0, 5)))
}
