// Paints one line over and over at the bottom of a terminal, on standard error.
import { styleText } from 'node:util'

export interface Terminal {
  readonly columns?: number
  /** Of a stream: false where NO_COLOR is set, or the terminal has none. */
  hasColors?(): boolean
  write(text: string): unknown
}

export interface ProgressLine {
  /** Takes the line off the terminal, for good. */
  clear(): void
}

const PAINT_MS = 150
const ERASE = '\r\u001b[2K'

/** `text` gets the columns there are. */
export function progressLine(terminal: Terminal, text: (width: number) => string): ProgressLine {
  const paint = (): void => {
    // The last column stays free: some terminals wrap when it is written.
    const line = text((terminal.columns || 80) - 1)
    const shown = terminal.hasColors?.() === true ? styleText('dim', line, { validateStream: false }) : line
    terminal.write(`${ERASE}${shown}`)
  }
  const timer = setInterval(paint, PAINT_MS)
  return {
    clear() {
      clearInterval(timer)
      terminal.write(ERASE)
    },
  }
}
