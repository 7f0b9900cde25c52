// The plain characters of a Markdown text, written so that nobody can take them for a link, an image, HTML or an entity.
import { ADDRESS, CITATION } from './plain-words.ts'

/** A character of a text, and whether it was escaped there. */
export interface Char {
  readonly char: string
  readonly isEscaped: boolean
}

/**
 * Addresses become code, which no reader makes a link of, in full; the marks that begin something else are escaped.
 * Citations stay as they are. `around`: the characters before and behind it.
 */
export function safeText(chars: readonly Char[], around: { before: string; behind: string }): string {
  let text = ''
  for (let at = 0; at < chars.length; ) {
    const citation = citationAt(chars, at)
    text += citation
    at += citation.length
    const run = runAt(chars, at)
    const said = run.map(({ char }) => char).join('')
    const before = text === '' ? around.before : text.slice(-1)
    const behind = at + run.length === chars.length ? around.behind : ''
    text += ADDRESS.test(said) ? asCode(said, { before, behind }) : escaped(run, chars[at + run.length]?.char)
    at += run.length
  }
  return text
}

/** What no reader takes for anything but characters, whatever it is. */
export function inertText(text: string): string {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
    .map(line =>
      line
        .split(/(\s+)/)
        .map(word => (ADDRESS.test(word) ? asCode(word, NOTHING) : word.replaceAll(MARK, '\\$&')))
        .join(''),
    )
    .join('\n')
}

const NOTHING = { before: '', behind: '' }
const MARK = /[!-/:-@[-`{-~]/g
const BREAKS = /[\s|]/

/** Characters without space between them up to a citation, or a single one that is space or divides cells. */
function runAt(chars: readonly Char[], from: number): readonly Char[] {
  let to = from
  while (to < chars.length && !BREAKS.test(chars[to]?.char ?? ' ') && citationAt(chars, to) === '') to++
  return chars.slice(from, to === from && citationAt(chars, from) === '' ? from + 1 : to)
}

function asCode(address: string, { before, behind }: { before: string; behind: string }): string {
  const longest = Math.max(0, ...[...address.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  const pad = longest > 0 ? ' ' : ''
  const apart = (beside: string): string => (beside === '`' || beside === '\\' ? ' ' : '')
  return `${apart(before)}${fence}${pad}${address}${pad}${fence}${apart(behind)}`
}

function escaped(run: readonly Char[], behind: string | undefined): string {
  return run
    .map(({ char, isEscaped }, at) =>
      isEscaped || isMark(char, run[at + 1]?.char ?? behind) ? `\\${char}` : char,
    )
    .join('')
}

function isMark(char: string, next: string | undefined): boolean {
  if (char === '<') return next === undefined || /[^\s\d=]/.test(next)
  if (char === '&') return next === undefined || /[#\w]/.test(next)
  return char === '[' || char === '`'
}

/** The citation that begins here, all of it in plain characters; '' where none does. */
function citationAt(chars: readonly Char[], at: number): string {
  if (chars[at]?.char !== '[') return ''
  const near = chars.slice(at, at + LONGEST_CITATION)
  CITATION.lastIndex = 0
  const found = CITATION.exec(near.map(({ char }) => char).join(''))?.[0] ?? ''
  return near.slice(0, found.length).some(({ isEscaped }) => isEscaped) ? '' : found
}

const LONGEST_CITATION = 200
