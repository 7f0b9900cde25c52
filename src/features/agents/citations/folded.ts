// Texts as they are compared: without what a quotation may change (white space, quote marks, Markdown's marks).
import { withoutHidden } from '../answers/safe-markdown/clean-characters.ts'

/** Quote marks go, so that a quotation within a quotation is the same whichever marks it has. */
export function folded(text: string): string {
  return withoutHidden(text)
    .normalize('NFKC')
    .replaceAll(/[“”„‟"«»‘’‚‛'`\\*_~#>|]/g, '')
    .replaceAll(/[‐-―−]/g, '-')
    .replaceAll(/\[(\p{L})\]/gu, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** Without the signs of a sentence, and space, around it. */
export function withoutEnds(text: string): string {
  let from = 0
  let to = text.length
  while (from < to && SIGNS.includes(text.charAt(from))) from++
  while (to > from && SIGNS.includes(text.charAt(to - 1))) to--
  return text.slice(from, to)
}

const SIGNS = ' .,;:!?'

/** Whether the words stand in the text, from `from` on, as whole words; where they end there, or -1. Both are folded. */
export function endOf(words: string, text: string, from = 0): number {
  if (words === '') return from
  for (const form of formsOf(words)) {
    for (let at = text.indexOf(form, from); at !== -1; at = text.indexOf(form, at + 1)) {
      const end = at + form.length
      if (!isWithinWord(text, at) && !isWithinWord(text, end)) return end
    }
  }
  return -1
}

/** A quotation may begin a sentence that its source does not begin. */
function formsOf(words: string): string[] {
  const first = words.charAt(0)
  return [...new Set([words, first.toLowerCase() + words.slice(1), first.toUpperCase() + words.slice(1)])]
}

function isWithinWord(text: string, at: number): boolean {
  return /^[\p{L}\p{N}]{2}$/u.test(text.slice(Math.max(0, at - 1), at + 1)) && at > 0
}
