// How far an evaluation is, on standard error: one line painted over on a terminal, now and then a line elsewhere.
import type { Progress } from '../ground/ground.ts'

interface Output {
  readonly isTTY?: boolean
  write(text: string): unknown
}

const PAINT_MS = 150
const LINE_MS = 10_000
const ERASE = '\r\u001b[2K'

export interface ProgressReport {
  readonly progress: Progress
  /** A line that stays. */
  say(line: string): void
  /** Leaves the terminal clean. */
  end(): void
}

export function progressReport(output: Output, now: () => number = () => performance.now()): ProgressReport {
  const isTerminal = output.isTTY === true
  let last: { readonly what: string; readonly at: number } | undefined
  const end = (): void => {
    if (isTerminal && last !== undefined) output.write(ERASE)
    last = undefined
  }
  return {
    progress(what, done, total) {
      const isNew = last?.what !== what
      const isEnd = done === total
      const pause = isTerminal ? PAINT_MS : LINE_MS
      if (!isNew && !isEnd && last !== undefined && now() - last.at < pause) return
      last = { what, at: now() }
      const text = `${what}: ${done.toLocaleString('en')}${total === undefined ? '' : ` of ${total.toLocaleString('en')}`}`
      output.write(isTerminal ? `${ERASE}${text}` : `${text}\n`)
    },
    say(line) {
      end()
      output.write(`${line}\n`)
    },
    end,
  }
}
