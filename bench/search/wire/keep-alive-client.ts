// As little of an HTTP client as a load needs, since it runs on the machine it measures: so many connections that stay
// open, one POST at a time on each, the answer taken whole.
import { connect, type Socket } from 'node:net'

export interface KeepAliveClient {
  /**
   * Sends a body on a free connection; callers beyond the connections wait. Answers with the text as it came, of a
   * chunked one with the chunks' lengths in between. Throws for any status but 200.
   */
  post(body: string): Promise<string>
  close(): void
}

export interface ClientOptions {
  readonly port: number
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly connections: number
  /** The loopback address to come from, so that a server takes it for another caller; the system's choice by default. */
  readonly from?: string
}

interface Connection {
  exchange(body: string): Promise<string>
  close(): void
}

export async function keepAliveClient(options: ClientOptions): Promise<KeepAliveClient> {
  const connections = await Promise.all(Array.from({ length: options.connections }, () => open(options)))
  const free = [...connections]
  const waiting: ((connection: Connection) => void)[] = []
  return {
    post: async body => {
      const connection = free.pop() ?? (await new Promise<Connection>(resolve => void waiting.push(resolve)))
      try {
        return await connection.exchange(body)
      } finally {
        const next = waiting.shift()
        if (next === undefined) free.push(connection)
        else next(connection)
      }
    },
    close: () => connections.forEach(connection => connection.close()),
  }
}

async function open({ port, path, headers, from }: ClientOptions): Promise<Connection> {
  const local = from === undefined ? {} : { localAddress: from }
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, ...local })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${lines.join('')}`
  return {
    exchange: body => {
      const answered = answerOn(socket)
      socket.write(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
      return answered
    },
    close: () => socket.destroy(),
  }
}

function answerOn(socket: Socket): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let received: Buffer = Buffer.alloc(0)
  let isWhole: ((received: Buffer) => boolean) | undefined
  const onData = (piece: Buffer): void => {
    received = received.length === 0 ? piece : Buffer.concat([received, piece])
    isWhole ??= wholeness(received)
    if (isWhole?.(received) !== true) return
    stop()
    const status = received.toString('latin1', 9, 12)
    const text = received.toString('utf8', received.indexOf(END_OF_HEAD) + 4)
    if (status === '200') resolve(text)
    else reject(new Error(`the server answered ${status}: ${text.slice(0, 300)}`))
  }
  const onEnd = (error?: unknown): void => {
    stop()
    reject(error instanceof Error ? error : new Error('the server closed the connection'))
  }
  const stop = (): void => {
    socket.off('data', onData).off('error', onEnd).off('close', onEnd)
  }
  socket.on('data', onData).once('error', onEnd).once('close', onEnd)
  return promise
}

const END_OF_HEAD = '\r\n\r\n'
const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n')

/** How to know that an answer is there, once its head is: by its length, or by its last chunk. */
function wholeness(received: Buffer): ((received: Buffer) => boolean) | undefined {
  const bodyAt = received.indexOf(END_OF_HEAD) + 4
  if (bodyAt < 4) return undefined
  const length = /^content-length: (\d+)\r$/im.exec(received.toString('latin1', 0, bodyAt))?.[1]
  if (length !== undefined) return all => all.length >= bodyAt + Number(length)
  return all => all.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK)
}
