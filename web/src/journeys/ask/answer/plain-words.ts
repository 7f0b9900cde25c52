// A passage in one line: its words without their marks. Pure.
import { blocksOf } from '../../../parts/text/blocks-of.ts'
import { leavesOf } from '../../../parts/text/text-shape.ts'

const LONGEST = 300

export function plainWords(text: string): string {
  const beginning = text.slice(0, 2 * LONGEST)
  const leaves = [...leavesOf(blocksOf(beginning, 'markdown', { start: 0, end: beginning.length }))]
  let end = 0
  const words = leaves.map(leaf => {
    // Between two blocks there may be nothing but the end of a line.
    const gap = /\s/.test(beginning.slice(end, leaf.start)) ? ' ' : ''
    end = leaf.end
    return gap + beginning.slice(leaf.start, leaf.end)
  })
  // What a passage was cut from may have left marks alone.
  return words
    .join('')
    .replaceAll(/\*\*|__|`/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, LONGEST)
}
