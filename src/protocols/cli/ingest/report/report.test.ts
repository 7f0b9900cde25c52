import { expect, test } from 'vitest'
import { outcomeOfEvent, outcomeOfFault, summaryOf, type Outcome } from '../outcome.ts'
import type { Source } from '../sources/source.ts'
import { fault } from '../../../../platform/faults.ts'
import { byteText, durationText, printable } from './printable.ts'
import { progress } from './progress.ts'
import { reportTo, type Report, type ReportOptions } from './report.ts'
import { resultRows, summaryLine } from './result-table.ts'

const source = (label: string, bytes = 100): Source => ({
  kind: 'file',
  label,
  name: label,
  externalId: `file:${label}`,
  bytes,
})
const event = (kind: string, data = {}) => ({ ingestion_id: 'i1', sequence: 1, at: 'noon', kind, data })
const published = (label: string, data = {}): Outcome =>
  outcomeOfEvent(source(label), event('published', { document_id: 'd1', version: 1, chunks: 3, ...data }))
const failed = (label: string): Outcome =>
  outcomeOfFault(source(label), fault('invalid_input', { reason: 'encrypted', say: 'It needs a password.' }))

function streams(isTTY: boolean, more: Partial<ReportOptions> = {}) {
  const [out, err, tables]: [string[], string[], unknown[]] = [[], [], []]
  const report = reportTo({
    stdout: { isTTY, write: text => out.push(text) },
    stderr: { isTTY, columns: 80, write: text => err.push(text) },
    printTable: rows => tables.push(rows),
    isJson: false,
    isQuiet: false,
    ...more,
  })
  return { report, out, err, tables }
}

function pass(report: Report, outcomes: readonly Outcome[]): void {
  const watcher = report.begin(outcomes.map(one => one.source))
  for (const outcome of outcomes) {
    watcher.started(outcome.source)
    watcher.event(outcome.source, event('parsed', { characters: 12, file: 'forged', kind: 'summary' }))
    watcher.ended(outcome)
  }
  report.end(outcomes, summaryOf(outcomes.length, outcomes, 2))
}

test('a program reads one object a line: events, how each file ended, the sum', () => {
  const { report, out, err } = streams(false)
  pass(report, [published('a.md'), failed('b.pdf')])
  expect(out.every(line => line.endsWith('\n') && !line.slice(0, -1).includes('\n'))).toBe(true)
  const parsed = { kind: 'parsed', characters: 12, ingestion_id: 'i1', at: 'noon' }
  expect(out.map(line => JSON.parse(line) as unknown)).toEqual([
    { file: 'a.md', ...parsed },
    { file: 'a.md', kind: 'published', result: 'added', document_id: 'd1', version: 1, chunks: 3 },
    { file: 'b.pdf', ...parsed },
    {
      file: 'b.pdf',
      kind: 'failed',
      code: 'invalid_input',
      reason: 'encrypted',
      say: 'It needs a password.',
    },
    {
      kind: 'summary',
      files: 2,
      added: 1,
      updated: 0,
      unchanged: 0,
      superseded: 0,
      failed: 1,
      bytes: 100,
      seconds: 2,
    },
  ])
  expect(err).toEqual([])
})

test('--json gives lines on a terminal too, and --quiet only ends', () => {
  const { report, out, err } = streams(true, { isJson: true, isQuiet: true })
  pass(report, [published('a.md')])
  expect(out.map(line => (JSON.parse(line) as { kind: string }).kind)).toEqual(['published', 'summary'])
  expect(err).toEqual([])
})

test('a person gets a table and the sum', () => {
  const { report, out, tables, err } = streams(true)
  pass(report, [
    published('b.md', { version: 4, warnings: ['2 hidden characters removed'] }),
    failed('a.pdf'),
  ])
  expect(tables).toEqual([
    [
      {
        file: 'a.pdf',
        result: 'failed',
        document_id: undefined,
        version: undefined,
        passages: undefined,
        problem: 'It needs a password.',
      },
      {
        file: 'b.md',
        result: 'updated',
        document_id: 'd1',
        version: 4,
        passages: 3,
        problem: '2 hidden characters removed',
      },
    ],
  ])
  expect(out).toEqual(['2 files: 1 updated, 1 failed; 100 B in 2s\n'])
  expect(err.at(-1)).toBe('\r\u001b[2K')
})

test('of more than fifty files only those are shown that need a look', () => {
  const fine = Array.from({ length: 50 }, (_, index) => published(`f${index}.md`))
  expect(resultRows(fine, false)).toHaveLength(50)
  expect(resultRows([...fine, failed('x.pdf')], false).map(({ file }) => file)).toEqual(['x.pdf'])
  expect(resultRows(fine.slice(0, 3), true)).toEqual([])
})

test('a name cannot write on the terminal', () => {
  const name = 'a\u001b]0;owned\u0007\n\u202efdp.md'
  expect(printable(name)).toBe('a\\u001b]0;owned\\u0007\\u000a\\u202efdp.md')
  const { report, out, err, tables } = streams(true)
  pass(report, [published(name)])
  report.changes().ended(published(name))
  report.gone(name)
  report.note(name)
  const written = `${out.join('')}${err.join('')}${JSON.stringify(tables)}`
  for (const harm of ['\u001b]', '\u202e', '\u0007']) expect(written).not.toContain(harm)
})

test('the progress line tells files, bytes, rate, time left and stage, and fits its width', () => {
  const [one, other] = [source('one.md', 1024 ** 2), source('other.md', 3 * 1024 ** 2)]
  const state = progress([one, other])
  state.started(one)
  state.ended(published('one.md'))
  expect(state.text(0, 100)).toContain('1/2 files')
  const line = progress([one, other])
  line.started(one)
  line.ended({ ...published('one.md'), source: one })
  line.started(other)
  line.sent(other, 3 * 1024 ** 2)
  line.event(other, event('indexing', { characters_done: 1, characters: 3 }))
  expect(line.text(6, 200)).toBe('1/2 files · 3.0 MB/4.0 MB · 512 KB/s, 2s left · indexing other.md')
  expect(line.text(6, 30)).toHaveLength(30)
})

test('sizes and times read well', () => {
  expect([0, 1023, 1536, 200 * 1024 ** 2].map(byteText)).toEqual(['0 B', '1023 B', '1.5 KB', '200 MB'])
  expect([0.4, 59, 75, 3725].map(durationText)).toEqual(['0s', '59s', '1m15s', '1h02m'])
  expect(summaryLine(summaryOf(1, [], 0))).toBe('1 file: none went in; 0 B in 0s')
})
