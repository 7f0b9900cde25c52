// Server-sent events out of text that arrives in pieces (HTML Standard, 9.2.6): a piece may end anywhere, lines end with
// LF, CR or CRLF. Pure; bytes become text before (read-events.ts).

export interface ServerSentEvent {
  /** 'message' where the server named none. */
  readonly event: string
  readonly data: string
  /** The last id that was sent, with this event or before it. */
  readonly id: string
}

export interface SseParser {
  /** The events that are whole now. */
  push(text: string): ServerSentEvent[]
}

/** Of one event, in UTF-16 code units: more is no event of an agent, and would fill the memory. */
const LARGEST = 8 * 1024 * 1024

export function sseParser(largest = LARGEST): SseParser {
  let partial = ''
  let endedWithCr = false
  let data: string[] = []
  let size = 0
  let event = ''
  let id = ''

  function take(line: string): ServerSentEvent | undefined {
    if (line === '') return dispatched()
    const colon = line.indexOf(':')
    // A comment: heartbeats are.
    if (colon === 0) return undefined
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (name === 'data') {
      data.push(value)
      // With its line break: lines without a character would have no end.
      size += value.length + 1
      refuseLarger(size)
    } else if (name === 'event') event = value
    else if (name === 'id' && !value.includes('\0')) id = value
    return undefined
  }

  function dispatched(): ServerSentEvent | undefined {
    const done = data.length === 0 ? undefined : { event: event || 'message', data: data.join('\n'), id }
    data = []
    size = 0
    event = ''
    return done
  }

  function refuseLarger(length: number): void {
    if (length > largest) throw new RangeError(`an event is longer than ${largest} characters`)
  }

  return {
    push(text) {
      // CRLF may be cut in two: the line ended with its CR.
      const rest = endedWithCr && text.startsWith('\n') ? text.slice(1) : text
      if (text !== '') endedWithCr = text.endsWith('\r')
      const lines = rest.split(/\r\n|\n|\r/)
      lines[0] = partial + (lines[0] ?? '')
      partial = lines.pop() ?? ''
      refuseLarger(partial.length + size)
      return lines.map(take).filter(done => done !== undefined)
    },
  }
}
