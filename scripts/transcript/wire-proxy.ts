// A door between Gatehouse and PostgreSQL that writes down what passes. It holds the server's answers back for a moment, so
// that whatever the client sends without waiting has arrived before the first answer leaves: one such flight is one exchange.
import { connect, createServer, type Socket } from 'node:net'
import { once } from 'node:events'

export interface Exchange {
  /** Which connection, counted from 1. */
  readonly connection: number
  /** The statements in the order they were sent, with their values as text. */
  readonly statements: { readonly text: string; readonly values: readonly (string | null)[] }[]
}

export interface WireProxy {
  readonly port: number
  /** Every exchange on every connection while `work` runs, answers held for `holdMs`. */
  record(holdMs: number, work: () => Promise<unknown>): Promise<readonly Exchange[]>
  close(): Promise<void>
}

interface Recording {
  holdMs: number
  exchanges: Exchange[] | undefined
}

export async function wireProxy(target: { host: string; port: number }): Promise<WireProxy> {
  const recording: Recording = { holdMs: 0, exchanges: undefined }
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer(client => {
    const database = connect(target)
    for (const socket of [client, database]) {
      sockets.add(socket)
      socket.once('close', () => [client, database].forEach(one => one.destroy()))
      socket.on('error', () => undefined)
    }
    join(client, database, { recording, connection: ++connections })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    async record(holdMs, work) {
      const exchanges: Exchange[] = []
      Object.assign(recording, { holdMs, exchanges })
      try {
        await work()
        return exchanges
      } finally {
        Object.assign(recording, { holdMs: 0, exchanges: undefined })
      }
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise(done => server.close(done))
    },
  }
}

function join(
  client: Socket,
  database: Socket,
  { recording, connection }: { recording: Recording; connection: number },
): void {
  const read = messageReader()
  // A statement that is kept is named once and bound by its name from then on.
  const texts = new Map<string, string>()
  let current: Exchange | undefined
  client.on('data', bytes => {
    const messages = read(bytes)
    database.write(bytes)
    const statements = messages.flatMap(message => statementOf(message, texts))
    if (recording.exchanges === undefined) return
    if (current === undefined || !recording.exchanges.includes(current)) {
      current = { connection, statements: [] }
      recording.exchanges.push(current)
    }
    current.statements.push(...statements)
  })
  let earliest = 0
  database.on('data', bytes => {
    // In order, also when the hold ends while something is held.
    earliest = Math.max(earliest, performance.now() + recording.holdMs)
    setTimeout(
      () => {
        // From here on the client may be answering.
        current = undefined
        if (!client.destroyed) client.write(bytes)
      },
      Math.max(0, earliest - performance.now()),
    )
  })
}

interface Message {
  readonly type: string
  readonly body: Buffer
}

/** PostgreSQL protocol 3: Parse carries a statement's name and text, Bind its name and values, Query all in one. */
function statementOf({ type, body }: Message, texts: Map<string, string>): Exchange['statements'] {
  if (type === 'Q') return [{ text: untilZero(body, 0), values: [] }]
  if (type === 'P') texts.set(untilZero(body, 0), untilZero(body, body.indexOf(0) + 1))
  if (type !== 'B') return []
  const name = untilZero(body, body.indexOf(0) + 1)
  return [{ text: texts.get(name) ?? '', values: boundValues(body) }]
}

function boundValues(body: Buffer): (string | null)[] {
  let at = body.indexOf(0, body.indexOf(0) + 1) + 1
  at += 2 + 2 * body.readInt16BE(at)
  const values: (string | null)[] = []
  const count = body.readInt16BE(at)
  at += 2
  for (let index = 0; index < count; index++) {
    const length = body.readInt32BE(at)
    at += 4
    values.push(length < 0 ? null : body.toString('utf8', at, at + length))
    at += Math.max(0, length)
  }
  return values
}

function untilZero(body: Buffer, from: number): string {
  return body.toString('utf8', from, body.indexOf(0, from))
}

/** Cuts a client's bytes into messages; the first of a connection has no type, only a length. */
function messageReader(): (bytes: Buffer) => Message[] {
  let rest = Buffer.alloc(0)
  let isOpen = false
  return bytes => {
    rest = Buffer.concat([rest, bytes])
    const messages: Message[] = []
    for (;;) {
      const header = isOpen ? 1 : 0
      if (rest.length < header + 4) return messages
      const end = header + rest.readInt32BE(header)
      if (rest.length < end) return messages
      if (isOpen) messages.push({ type: String.fromCharCode(rest[0] ?? 0), body: rest.subarray(5, end) })
      // A request for TLS comes before the start-up message, which carries the protocol's major version 3.
      isOpen ||= rest.readInt16BE(4) === 3
      rest = rest.subarray(end)
    }
  }
}
