// A task's way as a person reads it: its state, and its steps with what each said and how long it took. Pure text; the
// live screen draws it again and again.
import { styleText } from 'node:util'
import { hasEnded, isWaiting } from '../../../client/task/task-shape.ts'
import type { StepState, StepView, TaskView } from '../../../client/task/task-view.ts'
import { durationText, stripped } from '../../ingest/report/printable.ts'
import { wrapped, type Page } from '../../search/layout.ts'

const MARKS: Readonly<Record<StepState, string>> = {
  waiting: '·',
  running: '▸',
  done: '✓',
  failed: '✗',
  canceled: '–',
}
const COLORS: Readonly<Record<StepState, 'dim' | 'cyan' | 'green' | 'red' | 'yellow'>> = {
  waiting: 'dim',
  running: 'cyan',
  done: 'green',
  failed: 'red',
  canceled: 'yellow',
}

/** `now` in milliseconds since 1970; a running step has run until then. */
export function stepLines(
  { steps, state }: Pick<TaskView, 'steps' | 'state'>,
  page: Page,
  now: number,
): string[] {
  const width = Math.max(0, ...steps.map(({ title }) => stripped(title).length))
  return steps.map(step => {
    const isHeld = isWaiting(state) && step.state === 'running'
    const said = isHeld ? 'waits for an answer' : wordsOf(step, now)
    const text = `${stripped(step.title).padEnd(width)}${said === '' ? '' : `  ${said}`}`
    return `${colored(MARKS[step.state], COLORS[step.state], page)} ${fitted(text.trimEnd(), page, 2)}`
  })
}

/** One line: where the task stands. */
export function stateLine(view: TaskView, page: Page, now: number): string {
  const { state, at, began_at: began = at, say } = view
  const end = hasEnded(state) || isWaiting(state) ? Date.parse(at) : now
  // What a step says stands with the step; what a state says, here.
  const words = [stateText(state), elapsedText(end - Date.parse(began)), ...(say === undefined ? [] : [say])]
  return fitted(words.map(stripped).join(' · '), page, 0)
}

/** 'input_required' → 'input required' */
export function stateText(state: string): string {
  return state.replaceAll('_', ' ')
}

/** 400 → '0.4s', 75000 → '1m15s' */
export function elapsedText(ms: number): string {
  const known = Number.isFinite(ms) ? Math.max(0, ms) : 0
  return known < 9_950 ? `${(known / 1000).toFixed(1)}s` : durationText(known / 1000)
}

function wordsOf({ state, said, began_at, ended_at, attempt }: StepView, now: number): string {
  const end = ended_at === undefined ? now : Date.parse(ended_at)
  return [
    ...(said.length === 0 ? [] : [stripped(said.join('; '))]),
    ...(began_at === undefined || state === 'waiting' ? [] : [elapsedText(end - Date.parse(began_at))]),
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
  ].join(' · ')
}

/** One line of a terminal, whatever was said. */
export function fitted(text: string, page: Page, indent: number): string {
  // The last column stays free: some terminals wrap when it is written.
  const room = Math.max(1, page.width - indent - 1)
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`
}

export function colored(text: string, color: Parameters<typeof styleText>[0], { isBold }: Page): string {
  return isBold ? styleText(color, text, { validateStream: false }) : text
}

/** An answer in lines of the page; empty lines stay. */
export function textLines(text: string, page: Page): string[] {
  return text.split('\n').flatMap(line => (line.trim() === '' ? [''] : wrapped(line, page)))
}
