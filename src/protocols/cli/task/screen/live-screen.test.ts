import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { foldTask } from '../../../client/task/fold-task.ts'
import type { TaskEvent } from '../../../client/task/task-shape.ts'
import { unbegun, type TaskView } from '../../../client/task/task-view.ts'
import { frame, liveScreen } from './live-screen.ts'

const STEPS = [
  { name: 'search', title: 'Search', after: [] },
  { name: 'rank', title: 'Rank', after: ['search'] },
  { name: 'generate', title: 'Write the answer', after: ['rank'] },
]
const BEGUN = Date.parse('2026-11-21T10:00:00.000Z')
const begun = unbegun(
  {
    task_id: 't',
    context_id: 'c',
    status: { state: 'submitted', at: new Date(BEGUN).toISOString() },
    last_sequence: 0,
  },
  STEPS,
)
type Told<E = TaskEvent> = E extends TaskEvent ? Omit<E, 'sequence' | 'at'> : never
/** Half a second between two events. */
const after = (...told: Told[]): TaskView =>
  told
    .map((event, at) => ({ ...event, sequence: at + 1, at: new Date(BEGUN + at * 500).toISOString() }))
    .reduce(foldTask, begun)
const written = (text: string): Told => ({
  kind: 'artifact',
  artifact_id: 'answer',
  name: 'answer',
  parts: [{ text }],
  append: true,
  last: false,
})
const WORKING: Told[] = [
  { kind: 'state', state: 'working' },
  { kind: 'step', step: 'search', attempt: 1 },
  { kind: 'progress', event: 'search_complete', step: 'search', say: 'Found 10 documents' },
  { kind: 'step', step: 'rank', attempt: 2 },
]
const TERMINAL = { isTTY: true, columns: 60, rows: 12, write: () => true }

test('what is done, what runs and for how long, what is to come; below it the answer as it is written', () => {
  const view = after(...WORKING, written('The controller must\n\nnotify '), written('the authority.'))
  expect(frame(view, TERMINAL, BEGUN + 4_000)).toEqual([
    'working · 4.0s',
    '✓ Search            Found 10 documents · 0.5s',
    '▸ Rank              2.5s · attempt 2',
    '· Write the answer',
    '',
    'The controller must',
    '',
    'notify the authority.',
  ])
})

test('a task that waits says so, and its time stands still', () => {
  const view = after(...WORKING, { kind: 'state', state: 'input_required', say: 'Which year?' })
  expect(frame(view, TERMINAL, BEGUN + 90_000)).toEqual([
    'input required · 2.0s · Which year?',
    '✓ Search            Found 10 documents · 0.5s',
    '▸ Rank              waits for an answer',
    '· Write the answer',
  ])
})

test('what fails is marked, and the reason stands on top', () => {
  const view = after(...WORKING, {
    kind: 'state',
    state: 'failed',
    say: 'It took longer than its time limit.',
  })
  const [state, , rank] = frame(view, TERMINAL, BEGUN + 90_000)
  expect([state, rank]).toEqual([
    'failed · 2.0s · It took longer than its time limit.',
    '✗ Rank              0.5s · attempt 2',
  ])
})

test('no line is wider and no frame is higher than the terminal, and nothing in it is obeyed', () => {
  const hostile = `\u001b[2J\u202e${'x'.repeat(300)}`
  const view = after(
    { kind: 'step', step: hostile, attempt: 1 },
    { kind: 'progress', event: 'e', step: 'search', say: hostile },
    { kind: 'state', state: 'failed', say: hostile },
    written(`${hostile}\n`.repeat(40)),
  )
  const lines = frame(view, TERMINAL, BEGUN)
  expect(lines.length).toBeLessThan(TERMINAL.rows)
  expect(lines.filter(line => line.length >= TERMINAL.columns)).toEqual([])
  expect(lines.join('')).not.toMatch(/[\p{Cc}\u202e]/u)
})

test('colors only where the terminal has them', () => {
  const view = after(...WORKING)
  expect(frame(view, TERMINAL, BEGUN).join('')).not.toContain('\u001b')
  expect(frame(view, { ...TERMINAL, hasColors: () => true }, BEGUN)[1]).toContain('\u001b[32m✓')
})

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('it is drawn in place: after the end the terminal shows the steps once, and not the answer', () => {
  const rows: string[] = []
  const terminal = {
    ...TERMINAL,
    write(text: string) {
      const [, up, rest = text] =
        /^<esc>\[(\d+)A\r<esc>\[0J([^]*)$/.exec(text.replaceAll('\u001b', '<esc>')) ?? []
      if (up !== undefined) rows.splice(rows.length - Number(up))
      expect(rest).not.toContain('<esc>')
      rows.push(...rest.split('\n').slice(0, -1))
    },
  }
  const screen = liveScreen(terminal, () => BEGUN + 5_000)
  screen.show(after(...WORKING.slice(0, 2)))
  vi.advanceTimersByTime(1_000)
  expect(rows[1]).toBe('▸ Search            4.5s')
  screen.show(after(...WORKING, written('a\n\nb\n\nc')))
  vi.advanceTimersByTime(1_000)
  expect(rows).toHaveLength(10)
  screen.show(after(...WORKING, written('a'), { kind: 'state', state: 'completed' }))
  screen.end()
  vi.advanceTimersByTime(1_000)
  expect(rows).toEqual([
    'completed · 2.5s',
    '✓ Search            Found 10 documents · 0.5s',
    '✓ Rank              1.0s · attempt 2',
    '· Write the answer',
    '',
  ])
})
