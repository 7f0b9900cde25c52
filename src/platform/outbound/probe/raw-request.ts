// One request exactly as it is asked for, to a server of the operator's own: headers twice, a foreign Host, a body
// that never ends. For proofs, which play the attacker; nothing in the product sends through here.
import { request as overHttp, type IncomingMessage } from 'node:http'
import { request as overHttps } from 'node:https'
import { connect as openTcp } from 'node:net'
import { connect as openTls } from 'node:tls'

export interface RawRequest {
  readonly url: URL
  readonly method: string
  /** As they are sent, in this order; nothing is added. */
  readonly headers: readonly (readonly [string, string])[]
  /** Pieces are sent until the answer is there. */
  readonly body?: string | Iterable<string> | undefined
  readonly signal: AbortSignal
}

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** At most 4 MiB of it. */
  readonly body: string
}

const MAX_ANSWER = 4 * 1024 * 1024
const TIMEOUT_MS = 35_000

/** Rejects with Node's error when there is no answer. */
export function rawRequest({ url, method, headers, body, signal }: RawRequest): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>()
  const send = url.protocol === 'https:' ? overHttps : overHttp
  const flat = headers.flatMap(([name, value]) => [name, value])
  const request = send(url, { method, headers: flat, agent: false, signal, timeout: TIMEOUT_MS })
  let isAnswered = false
  request.once('response', response => {
    isAnswered = true
    read(response).then(resolve, reject)
  })
  request.on('timeout', () => request.destroy(new Error('no answer in time')))
  // A server that refuses early closes its end: what was still being sent fails, and the answer is there all the same.
  request.on('error', error => {
    if (!isAnswered) reject(error)
  })
  if (body === undefined || typeof body === 'string') request.end(body)
  else sendPieces(body)
  return promise

  function sendPieces(pieces: Iterable<string>): void {
    const iterator = pieces[Symbol.iterator]() as Iterator<string, undefined>
    const next = (): void => {
      if (isAnswered || request.destroyed) return
      const { done, value } = iterator.next()
      if (done === true) request.end()
      else request.write(value, () => setImmediate(next))
    }
    next()
  }
}

async function read(response: IncomingMessage): Promise<RawAnswer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength
    if (bytes > MAX_ANSWER) break
    chunks.push(chunk)
  }
  const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const)
  return {
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString('utf8'),
  }
}

/** Sends bytes that need not be HTTP and resolves with what came back until the end, or within 5 s. */
export function rawBytes(url: URL, bytes: string, signal: AbortSignal): Promise<string> {
  const isTls = url.protocol === 'https:'
  const port = Number(url.port || (isTls ? 443 : 80))
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const socket = isTls ? openTls({ host, port, servername: host }) : openTcp({ host, port })
  let text = ''
  const done = (): void => {
    socket.destroy()
    resolve(text)
  }
  const timer = setTimeout(done, 5_000)
  signal.addEventListener('abort', done, { once: true })
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => void (text = (text + chunk).slice(0, 65_536)))
  socket.once('error', error => (text === '' ? reject(error) : done()))
  socket.once('close', () => {
    clearTimeout(timer)
    signal.removeEventListener('abort', done)
    resolve(text)
  })
  socket.once(isTls ? 'secureConnect' : 'connect', () => socket.write(bytes))
  return promise
}
