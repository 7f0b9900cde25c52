// What the states of citations are called, and what they mean. Pure.
import type { CitationState } from './checked.ts'

export interface StateWords {
  readonly short: string
  readonly long: string
  readonly tone: 'good' | 'wrong' | 'plain'
}

export const CITATION_WORDS: Readonly<Record<CitationState, StateWords>> = {
  verified: {
    short: 'verified',
    long: 'Read again where it is said to stand: the passage is there, and so is what the answer quotes from it.',
    tone: 'good',
  },
  fabricated: {
    short: 'quote not found',
    long: 'What the answer quotes beside this number stands in none of the passages.',
    tone: 'wrong',
  },
  misattributed: {
    short: 'quote stands elsewhere',
    long: 'What the answer quotes beside this number stands in another passage, not in this one.',
    tone: 'wrong',
  },
  stitched: {
    short: 'quote pieced together',
    long: 'The quote is put together from words that stand in different places.',
    tone: 'wrong',
  },
  unknown: {
    short: 'no such source',
    long: 'The answer names a source that was not among the passages it was given.',
    tone: 'wrong',
  },
  moved: {
    short: 'not there any more',
    long: 'Something else stands there by now, or you may not read it any more.',
    tone: 'wrong',
  },
  checking: { short: 'not checked yet', long: 'It is checked when the answer is complete.', tone: 'plain' },
}
