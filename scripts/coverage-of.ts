// One line about the coverage of a folder, from the summary that vitest leaves behind.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const KINDS = ['lines', 'branches', 'functions'] as const
type Summary = Record<string, Record<(typeof KINDS)[number], { total: number; covered: number }>>

const ROOT = join(import.meta.dirname, '..')

export function coverageOf(folder: string): string {
  const summary = JSON.parse(readFileSync(join(ROOT, 'coverage/coverage-summary.json'), 'utf8')) as Summary
  const files = Object.entries(summary).filter(([file]) => file.startsWith(join(ROOT, folder, '/')))
  const shares = KINDS.map(kind => {
    const sum = (part: 'total' | 'covered'): number =>
      files.reduce((total, [, counts]) => total + counts[kind][part], 0)
    return `${((100 * sum('covered')) / Math.max(1, sum('total'))).toFixed(1)} % of ${kind}`
  })
  return `Coverage of ${folder}: ${shares.join(', ')}`
}
