// docs/SECURITY.md against the repository: what it says to hold has a test that bears its id, and what a test proves is in
// its table. So no row can outlive its proof.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(join(root, 'docs/SECURITY.md'), 'utf8')
const ID = /\b(?:AA|AU|RL|MC|IN|DS|LL|BU|UI|OP)\d\d\b/g

interface Row {
  readonly id: string
  readonly status: string
  readonly files: readonly string[]
}

/** The rows of the catalogue: | id | attack | status | where | */
const rows: Row[] = page
  .split('\n')
  .map(line => line.split('|').map(cell => cell.trim()))
  .filter(cells => cells.length === 6 && /^[A-Z]{2}\d\d$/.test(cells[1] ?? ''))
  .map(cells => ({
    id: cells[1] ?? '',
    status: cells[3] ?? '',
    files: Array.from((cells[4] ?? '').matchAll(/`([^`]+\.test\.ts)`/g), ([, file]) => String(file)),
  }))

test('the catalogue is there, each id once, with a status it knows', () => {
  expect(rows.length).toBeGreaterThan(90)
  expect(rows.map(({ id }) => id)).toStrictEqual([...new Set(rows.map(({ id }) => id))])
  for (const { id, status } of rows) expect(['holds', 'partly', 'later'], id).toContain(status)
})

test.each(rows.filter(({ status }) => status !== 'later'))(
  '$id names tests that bear its id',
  ({ id, files }) => {
    expect(files, 'a row that holds names a test').not.toStrictEqual([])
    for (const file of files) {
      expect(existsSync(join(root, file)), file).toBe(true)
      expect(readFileSync(join(root, file), 'utf8'), file).toContain(id)
    }
  },
)

test('every id that a test bears is in the catalogue as one that holds', () => {
  const proven = new Set(
    testFiles().flatMap(file =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter(line => /(?:test|describe)\b.*['"`(]/.test(line))
        .flatMap(line => line.match(ID) ?? []),
    ),
  )
  expect(proven.size).toBeGreaterThan(50)
  const listed = new Set(rows.filter(({ status }) => status !== 'later').map(({ id }) => id))
  expect([...proven].filter(id => !listed.has(id))).toStrictEqual([])
})

function testFiles(): string[] {
  return ['src', 'tests', 'scripts'].flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.test.ts'))
      .map(name => join(root, folder, name)),
  )
}
