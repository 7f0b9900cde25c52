// Text that behaves like text: words drawn by Zipf's law from a vocabulary of 200,000, the commonest of them English
// function words, so that postings, stop words and the language are as in real documents. The same seed, the same text.

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export type Random = () => number

export interface Words {
  /** The next word; common ones come often. */
  next(): string
  /** A word that is neither among the commonest nor rare: what people search for. */
  toSearchFor(): string
}

const VOCABULARY = 200_000
const COMMONEST =
  'the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which'
const SYLLABLES =
  'ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu bra cle dri flo gru ster tion ment'

export function seeded(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Frequency falls with 1 / rank. */
export function words(random: Random): Words {
  const vocabulary = vocabularyOf()
  const highest = Math.log(VOCABULARY)
  const ranked = (rank: number): string => vocabulary[Math.min(VOCABULARY - 1, Math.floor(rank))] ?? 'the'
  return {
    // The inverse of the distribution function: the share of the first n words grows with log n.
    next: () => ranked(Math.exp(random() * highest) - 1),
    toSearchFor: () => ranked(200 + random() * 5_000),
  }
}

/** A paragraph of some 90 words in sentences. */
export function paragraph(from: Words, random: Random): string {
  const sentences = Array.from({ length: 5 + Math.floor(random() * 4) }, () => {
    const count = 8 + Math.floor(random() * 12)
    return `${Array.from({ length: count }, () => from.next()).join(' ')}.`
  })
  return sentences.join(' ')
}

/** A document of headings and paragraphs, of about so many bytes. */
export function markdown(from: Words, random: Random, bytes: number): string {
  const parts = [`# ${heading(from)}`]
  for (let length = 0, at = 1; length < bytes; at++) {
    if (at % 4 === 0) parts.push(`## ${heading(from)}`)
    const text = paragraph(from, random)
    parts.push(text)
    length += text.length + 2
  }
  return parts.join('\n\n')
}

function heading(from: Words): string {
  return Array.from({ length: 4 }, () => from.next()).join(' ')
}

/** Made once a process: each word is its rank, written in syllables. */
function vocabularyOf(): readonly string[] {
  const syllables = SYLLABLES.split(' ')
  const common = COMMONEST.split(' ')
  return Array.from({ length: VOCABULARY }, (_, rank) => {
    let word = common[rank] ?? ''
    for (let rest = rank; rank >= common.length && rest > 0; rest = Math.floor(rest / syllables.length))
      word += syllables[rest % syllables.length]
    return word
  })
}
