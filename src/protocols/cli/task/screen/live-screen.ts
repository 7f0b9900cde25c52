// Draws a task on a terminal and draws it again in place, several times a second. Everything it draws is lines that fit:
// a line that wraps would not be erased.
import type { TaskView } from '../../../client/task/task-view.ts'
import { artifactText } from '../../../client/task/task-view.ts'
import { pageOf, type Page } from '../../search/layout.ts'
import { stateLine, stepLines, textLines } from './step-lines.ts'

export interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  hasColors?(): boolean
  write(text: string): unknown
}

export interface LiveScreen {
  show(view: TaskView): void
  /** Leaves the steps as they are now, and nothing of the answer: that is printed as a whole. */
  end(): void
}

const PAINT_MS = 120
const DEFAULT_ROWS = 24

export function liveScreen(terminal: Screen, now: () => number = Date.now): LiveScreen {
  let view: TaskView | undefined
  let drawn = 0
  const draw = (lines: readonly string[]): void => {
    // Up to the first line of before, and everything below away.
    const erase = drawn === 0 ? '' : `\u001b[${drawn}A\r\u001b[0J`
    terminal.write(`${erase}${lines.map(line => `${line}\n`).join('')}`)
    drawn = lines.length
  }
  const paint = (): void => {
    if (view !== undefined) draw(frame(view, terminal, now()))
  }
  const timer = setInterval(paint, PAINT_MS)
  return {
    show(next) {
      view = next
    },
    end() {
      clearInterval(timer)
      if (view !== undefined) draw([...stepsOf(view, pageOf(terminal), now()), ''])
    },
  }
}

/** What is drawn at one moment: the steps, and of the answer its last lines that have room. */
export function frame(view: TaskView, terminal: Screen, now: number): string[] {
  const page = pageOf(terminal)
  const steps = stepsOf(view, page, now)
  const room = (terminal.rows || DEFAULT_ROWS) - steps.length - 2
  const narrow = { ...page, width: page.width - 1 }
  const answer = textLines(artifactText(view, 'answer'), narrow)
  const tail = room > 0 ? answer.slice(-room) : []
  return tail.every(line => line === '') ? steps : [...steps, '', ...tail]
}

function stepsOf(view: TaskView, page: Page, now: number): string[] {
  return [stateLine(view, page, now), ...stepLines(view, page, now)]
}
