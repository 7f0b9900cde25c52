// Keeps copies of one passage, each changed a little, from filling the answer: the first few of them keep their place,
// the others move behind everything else. Nothing is lost.
import { folded } from '../query/folded.ts'

/** As they were ranked, but for those that moved, and how many did. */
export interface Demotion<T> {
  readonly ranked: T[]
  readonly demoted: number
}

export interface DemotionBounds {
  /** Documents of a group that keep their place; at least 1. */
  readonly cap?: number
  /** What is ranked behind this many is neither looked at nor moved before. */
  readonly lookAt?: number
}

/** Two passages are near-duplicates when the sets of their runs of three words overlap by this much (Jaccard). */
const SIMILAR = 0.8
/** Shorter passages are duplicates only when their words are the same: a changed word is another question. */
const FEWEST_WORDS = 40

/**
 * Best first in, best first out. A passage belongs to the group of the first one that it is like, not of one that is like
 * that (no chains). The others of a group, beyond `cap` documents, come behind what is not demoted, in their old order.
 * 100 passages of 250 words, all different: 2.4 ms; 100 variants of one: 1.3 ms; 100 that share 60 % of their words: 6 ms.
 */
export function demoteNearDuplicates<T extends { readonly documentId: string }>(
  ranked: readonly T[],
  contentOf: (one: T) => string,
  { cap = 3, lookAt = 200 }: DemotionBounds = {},
): Demotion<T> {
  const groupOf = grouping()
  const kept: T[] = []
  const moved: T[] = []
  for (const one of ranked.slice(0, lookAt)) {
    const documents = groupOf(contentOf(one))
    if (documents.size < cap || documents.has(one.documentId)) {
      documents.add(one.documentId)
      kept.push(one)
    } else moved.push(one)
  }
  return { ranked: [...kept, ...ranked.slice(lookAt), ...moved], demoted: moved.length }
}

/** The documents of a group that have kept their place. */
type Documents = Set<string>

interface Leader {
  readonly shingles: Uint32Array
  readonly documents: Documents
  readonly place: number
  /** The last passage that was compared with it. */
  seenBy: number
}

/** The first passages that hold a shingle, the latest first. */
interface Held {
  readonly leader: Leader
  readonly next: Held | undefined
}

/**
 * Tells the group of each passage in turn. Two sets this similar share one of their smallest (1 − 0.8) · n + 1 elements,
 * in any order of all elements: only first passages that do are compared, and none that could be like it is left out.
 */
function grouping(): (content: string) => Documents {
  const byWords = new Map<string, Documents>()
  const bySmall = new Map<number, Held>()
  let passage = 0
  return content => {
    const hashes = wordHashes(content)
    if (hashes.length < FEWEST_WORDS) return sameWords(byWords, content)
    passage += 1
    const shingles = shinglesOf(hashes)
    const small = shingles.subarray(0, shingles.length - Math.ceil(SIMILAR * shingles.length) + 1)
    let first: Leader | undefined
    for (const shingle of small)
      for (let held = bySmall.get(shingle); held !== undefined; held = held.next) {
        const { leader } = held
        if (leader.seenBy === passage || (first !== undefined && leader.place > first.place)) continue
        leader.seenBy = passage
        if (similar(leader.shingles, shingles)) first = leader
      }
    if (first !== undefined) return first.documents
    const leader: Leader = { shingles, documents: new Set(), place: passage, seenBy: passage }
    for (const shingle of small) bySmall.set(shingle, { leader, next: bySmall.get(shingle) })
    return leader.documents
  }
}

/** A passage without a word is like no other. */
function sameWords(byWords: Map<string, Documents>, content: string): Documents {
  const words = folded(content)
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
  const known = byWords.get(words)
  if (known !== undefined) return known
  const documents: Documents = new Set()
  if (words !== '') byWords.set(words, documents)
  return documents
}

const IS_WORD = new Uint8Array(128).map((_, code) => Number(/[a-z0-9]/i.test(String.fromCharCode(code))))
const BEYOND_ASCII = /[^\0-\x7f]/
const LETTER = /[\p{L}\p{M}\p{N}\p{Cs}]/u

/**
 * A hash of each folded word (FNV-1a), without making strings of them, which would take four times as long. Who forges
 * equal hashes gains nothing that a copy of the text would not give.
 */
function wordHashes(content: string): number[] {
  const text = BEYOND_ASCII.test(content) ? content.normalize('NFKC').toLowerCase() : content.toLowerCase()
  const hashes: number[] = []
  let hash = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 128 ? IS_WORD[code] === 1 : LETTER.test(text.charAt(at))) {
      hash = Math.imul((hash === 0 ? 0x811c9dc5 : hash) ^ code, 0x01000193)
    } else if (hash !== 0) {
      hashes.push(hash)
      hash = 0
    }
  }
  if (hash !== 0) hashes.push(hash)
  return hashes
}

/** The set of runs of three words, smallest first. */
function shinglesOf(words: readonly number[]): Uint32Array {
  const all = new Uint32Array(words.length - 2)
  let [first, second, at] = [0, 0, -2]
  for (const third of words) {
    let hash = Math.imul(first, 0x85ebca6b)
    hash = Math.imul((hash ^ (hash >>> 15)) + second, 0xc2b2ae35)
    hash = Math.imul((hash ^ (hash >>> 13)) + third, 0x27d4eb2f)
    if (at >= 0) all[at] = hash ^ (hash >>> 16)
    first = second
    second = third
    at += 1
  }
  all.sort()
  let size = 0
  for (const shingle of all) if (size === 0 || all[size - 1] !== shingle) all[size++] = shingle
  return all.subarray(0, size)
}

/** Stops as soon as too few are left to overlap enough. */
function similar(a: Uint32Array, b: Uint32Array): boolean {
  // |a ∩ b| / |a ∪ b| ≥ s is |a ∩ b| ≥ s / (1 + s) · (|a| + |b|).
  const needed = Math.ceil((SIMILAR * (a.length + b.length)) / (1 + SIMILAR) - 1e-9)
  let i = 0
  let j = 0
  // How many more of each may be missing in the other.
  let spareInA = a.length - needed
  let spareInB = b.length - needed
  while (spareInA >= 0 && spareInB >= 0 && i < a.length && j < b.length) {
    const difference = (a[i] ?? 0) - (b[j] ?? 0)
    if (difference <= 0) i += 1
    if (difference >= 0) j += 1
    if (difference < 0) spareInA -= 1
    else if (difference > 0) spareInB -= 1
  }
  return spareInA >= a.length - i && spareInB >= b.length - j
}
