// Reads a stream of events from a bare connection and breaks it off at a byte of one's choice.
import { connect } from 'node:net'

export interface Cut {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** Of the answer's body, or after so many milliseconds, whatever comes first. */
  readonly bytes: number
  readonly ms: number
}

export interface CutBody {
  readonly status: number
  /** As far as it came. */
  readonly body: string
  /** False when the server ended it before. */
  readonly isCut: boolean
}

/** HTTP/1.0, so that the body is nothing but its bytes. */
export function bodyCutAfter(url: string, { path, headers, bytes, ms }: Cut): Promise<CutBody> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const lines = [`GET ${path} HTTP/1.0`, `host: ${hostname}:${port}`, 'accept: text/event-stream']
    const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    const socket = connect(Number(port), hostname, () =>
      socket.write([...lines, ...more, '', ''].join('\r\n')),
    )
    const pieces: Buffer[] = []
    let isCut = false
    const cut = (): void => {
      isCut = true
      socket.destroy()
    }
    const timer = setTimeout(cut, ms)
    socket.on('data', (piece: Buffer) => {
      pieces.push(piece)
      if (partsOf(Buffer.concat(pieces)).body.length >= bytes) cut()
    })
    socket.once('error', reject)
    socket.once('close', () => {
      clearTimeout(timer)
      const { head, body } = partsOf(Buffer.concat(pieces))
      // Cut before it had begun, it is as good as an empty one.
      const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(head)?.[1] ?? 200)
      resolve({ status, body: (isCut ? body.subarray(0, bytes) : body).toString(), isCut })
    })
  })
}

function partsOf(answer: Buffer): { readonly head: string; readonly body: Buffer } {
  const end = answer.indexOf('\r\n\r\n')
  if (end === -1) return { head: answer.toString('latin1'), body: Buffer.alloc(0) }
  return { head: answer.subarray(0, end).toString('latin1'), body: answer.subarray(end + 4) }
}

export interface StreamMessage {
  readonly id: number
  readonly data: Readonly<Record<string, unknown>>
}

/** Those that came whole. */
export function messagesIn(body: string): StreamMessage[] {
  const whole = body.slice(0, body.lastIndexOf('\n\n') + 1)
  return whole.split('\n\n').flatMap(block => {
    const id = /^id: (\d+)$/m.exec(block)?.[1]
    const data = /^data: (.*)$/m.exec(block)?.[1]
    return id === undefined || data === undefined
      ? []
      : [{ id: Number(id), data: JSON.parse(data) as StreamMessage['data'] }]
  })
}
