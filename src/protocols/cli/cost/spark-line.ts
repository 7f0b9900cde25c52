// Amounts as a line of small bars: one for each day or, where there are more days than room, for a few together.

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
/** Nothing at all, or less: not the smallest amount. */
const NOTHING = '·'

/** The highest bar is the largest amount of the line; no more characters than `width`. */
export function sparkLine(amounts: readonly bigint[], width = 30): string {
  const sums = gathered(amounts, width)
  const most = sums.reduce((max, nano) => (nano > max ? nano : max), 0n)
  return sums.map(nano => barFor(nano, most)).join('')
}

function barFor(nano: bigint, most: bigint): string {
  if (nano <= 0n) return NOTHING
  // Rounded up: the least amount has a bar, and only the largest the full one.
  const height = Number((nano * BigInt(BARS.length) + most - 1n) / most)
  return BARS[height - 1] ?? NOTHING
}

function gathered(amounts: readonly bigint[], width: number): bigint[] {
  const each = Math.ceil(amounts.length / width)
  if (each <= 1) return [...amounts]
  return Array.from({ length: Math.ceil(amounts.length / each) }, (_, index) =>
    amounts.slice(index * each, (index + 1) * each).reduce((sum, nano) => sum + nano, 0n),
  )
}

/** How full something is, at a glance: spent, then held, then free. `whole` of nothing is full. */
export function fillBar(spent: bigint, held: bigint, whole: bigint, width = 20): string {
  if (whole <= 0n) return '█'.repeat(width)
  const part = (nano: bigint): number => {
    const cells = Number((nano * BigInt(width)) / whole)
    return Math.min(width, nano > 0n && cells === 0 ? 1 : cells)
  }
  const full = part(spent)
  const half = Math.min(width - full, part(held))
  return '█'.repeat(full) + '▒'.repeat(half) + '░'.repeat(width - full - half)
}
