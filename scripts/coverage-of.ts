// One line about the coverage of a folder, from the summary that vitest leaves behind.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

type Kind = 'lines' | 'branches' | 'functions'
type Summary = Record<string, Record<Kind, { total: number; covered: number }>>

export function coverageOf(folder: string, root: string): string {
  const summary = JSON.parse(readFileSync(join(root, 'coverage/coverage-summary.json'), 'utf8')) as Summary
  const files = Object.entries(summary).filter(([file]) => file.startsWith(join(root, folder, '/')))
  const share = (kind: Kind): string => {
    const covered = files.reduce((sum, [, counts]) => sum + counts[kind].covered, 0)
    const total = files.reduce((sum, [, counts]) => sum + counts[kind].total, 0)
    return `${total === 0 ? '100' : ((100 * covered) / total).toFixed(1)} % of ${kind}`
  }
  return `Coverage of ${folder}: ${share('lines')}, ${share('branches')}, ${share('functions')}`
}
