// What an answer gives as somebody's words: between quote marks, or as a block quote, with the numbers beside it.
import { numbersIn, unmarked } from './marks.ts'

export interface Quotation {
  readonly text: string
  /** What it is cited by; none where no number stands beside it. */
  readonly cited: readonly number[]
}

export function quotationsIn(answer: string): Quotation[] {
  return answer.split(/\n[ \t]*\n/).flatMap(block => {
    const { quoted, rest } = blockQuotes(block)
    return [...quoted, ...marked(rest)]
  })
}

/** Lines that begin with >, whose numbers stand in them or behind them. */
function blockQuotes(block: string): { quoted: Quotation[]; rest: string } {
  const lines = block.split('\n')
  const isQuote = (line: string): boolean => /^\s*(?:[-*+]\s+|\d+[.)]\s+)?>/.test(line)
  const inside = lines.filter(isQuote).map(line => line.replace(/^\s*(?:[-*+]\s+|\d+[.)]\s+)?(?:>\s?)+/, ''))
  const rest = lines.filter(line => !isQuote(line)).join('\n')
  const text = inside.join('\n')
  if (unmarked(text).trim() === '') return { quoted: [], rest: inside.length === 0 ? block : rest }
  const cited = numbersIn(text)
  // Who names his source beneath: "> — the lease [2]" is no one's words.
  const words = inside.filter(line => !/^\s*[-–—]{1,2}\s/.test(line)).join('\n')
  return {
    quoted: [{ text: unmarked(words), cited: cited.length > 0 ? cited : numbersIn(rest) }],
    rest,
  }
}

/** Between “ and ”, „ and “, « and », or two ". */
function marked(block: string): Quotation[] {
  return spansIn(block).map(([start, end]) => ({
    text: unmarked(block.slice(start + 1, end)),
    cited: beside(block, start, end),
  }))
}

function spansIn(block: string): (readonly [start: number, end: number])[] {
  const outer = nested(block) ?? [...block.matchAll(/“[^“”]*”/g)].map(found => spanOf(found))
  const isFree = ([start]: readonly [number, number]): boolean =>
    !outer.some(([from, to]) => from <= start && start < to)
  const others = [/„[^„“”]*[“”]/g, /«[^«»]*»/g, /"[^"\n]+"/g].flatMap(form =>
    [...block.matchAll(form)].map(found => spanOf(found)),
  )
  return [...outer, ...others.filter(isFree)].toSorted(([one], [other]) => one - other)
}

function spanOf({ index, 0: text }: RegExpExecArray): readonly [number, number] {
  return [index, index + text.length - 1]
}

/** The outermost pairs of “ and ”; undefined where they do not pair. */
function nested(block: string): (readonly [number, number])[] | undefined {
  const spans: (readonly [number, number])[] = []
  const open: number[] = []
  for (const { index, 0: mark } of block.matchAll(/[“”]/g)) {
    if (mark === '“') open.push(index)
    else {
      const start = open.pop()
      if (start === undefined) return undefined
      if (open.length === 0) spans.push([start, index])
    }
  }
  return open.length === 0 ? spans : undefined
}

/** The numbers right behind it, those later in its sentence, or those before it in it. */
function beside(block: string, start: number, end: number): number[] {
  const behind = /^[^.!?\n“„«"[]*[.!?]?[^.!?\n“„«"[]{0,3}(?:\\?\[[\d\s,;]+\]\s*)+/.exec(block.slice(end + 1))
  if (behind !== null) return numbersIn(behind[0])
  const before = /(?:^|[.!?]\s|\n)([^.!?\n]*)$/.exec(block.slice(Math.max(0, start - 300), start))
  return numbersIn(before?.[1] ?? '').slice(-1)
}
