// What one line of Markdown is, as far as sections care. Every pattern is anchored and has one way to match, and a
// line is looked at for 1,000 characters only: time stays linear whatever the line holds.

export interface Line {
  /** UTF-16 offset into the whole text. */
  readonly start: number
  /** Without its newline; only the begin of a long line. */
  readonly text: string
  readonly long: boolean
}

export type Block =
  /** `other` begins a list, quote, table or indented code: what follows without an empty line is no heading. */
  | { readonly kind: 'blank' | 'text' | 'other' | 'rule' }
  | { readonly kind: 'heading'; readonly level: number; readonly title: string }
  | { readonly kind: 'fence'; readonly fence: string }

const FENCE = /^[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})(.*)$/s
const HEADING = /^ {0,3}(#{1,6})(?:[ \t](.*))?$/s
const RULE = /^ {0,3}([-*_])(?:[ \t]*\1){2,}$/
const OTHER = /^(?: {4}| {0,3}(?:\t|>|\||[-*+](?:[ \t]|$)|\d{1,9}[.)](?:[ \t]|$)))/

export function blockOf({ text, long }: Line): Block {
  const line = text.trimEnd()
  if (line === '') return { kind: long ? 'other' : 'blank' }
  const heading = HEADING.exec(line)
  if (heading !== null) {
    const title = (heading[2] ?? '').trim().replace(/(?:^|[ \t])#+$/, '')
    return { kind: 'heading', level: heading[1]?.length ?? 1, title }
  }
  if (long) return { kind: 'other' }
  const fence = FENCE.exec(line)
  // Backticks after backticks are code within a line.
  if (fence?.[1] !== undefined && !(fence[1].startsWith('`') && fence[2]?.includes('`'))) {
    return { kind: 'fence', fence: fence[1] }
  }
  if (RULE.test(line)) return { kind: 'rule' }
  return { kind: OTHER.test(line) ? 'other' : 'text' }
}

/** A fence is closed by at least as many of the same marks, alone on a line. */
export function closesFence({ text, long }: Line, fence: string): boolean {
  const marks = text.trim()
  return !long && marks.startsWith(fence) && marks === marks.charAt(0).repeat(marks.length)
}

/** The level of the heading that this line makes of the paragraph above it. */
export function underlineLevel({ text, long }: Line): 1 | 2 | undefined {
  const line = text.trimEnd()
  if (long || !/^ {0,3}(?:=+|-+)$/.test(line)) return undefined
  return line.endsWith('=') ? 1 : 2
}
