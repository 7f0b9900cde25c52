// The way to the server under attack: one request after the other, paced, with an end. Whatever comes back is looked
// at twice: by the attack, and here, for canaries of the other tenant and for words no stranger should read.
import { setTimeout as sleep } from 'node:timers/promises'
import { rawBytes, rawRequest, type RawAnswer } from '../../../platform/outbound/probe/raw-request.ts'
import { fault } from '../../../platform/faults.ts'

export interface WireRequest {
  readonly method?: string
  readonly path: string
  readonly token?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  /** Over all headers, as they are: for duplicates. */
  readonly more?: readonly (readonly [string, string])[]
  readonly body?: string | Iterable<string>
}

export interface Wire {
  readonly url: URL
  /** What requests carry as Host: where the port is reached past a proxy, not the address it is reached at. */
  readonly host: string
  send(request: WireRequest): Promise<RawAnswer>
  /** Bytes that need not be HTTP. */
  bytes(text: string): Promise<string>
  /** How many requests have been sent. */
  sent(): number
  /** What was seen in passing: canaries in the wrong hands, and words of the inside. */
  readonly seen: { readonly leaks: Set<string>; readonly verbose: Set<string> }
  /** From now on, whose secret must not come back to whose token. */
  watch(secret: string, owner: string, tokens: () => ReadonlySet<string>): void
}

/** Some 60 a second at most: below every default limit, and no load that anybody would notice. */
const PAUSE_MS = 15
const MOST_REQUESTS = 5_000
const MAX_WAIT_MS = 10_000

/** A stack, SQL, a path of the source, a driver's words, an environment variable's value. */
const INSIDE =
  /\n\s+at .+:\d+:\d+|\bselect .+ from \w|\binsert into\b|SQLSTATE|node:internal|\/src\/[\w/-]+\.ts|postgres(ql)?:\/\/|ECONN\w+/i

interface Watched {
  readonly secret: string
  readonly owner: string
  readonly tokens: () => ReadonlySet<string>
}

export function wireTo(url: URL, signal: AbortSignal, pauseMs = PAUSE_MS, host = url.host): Wire {
  const watched: Watched[] = []
  const seen = { leaks: new Set<string>(), verbose: new Set<string>() }
  let sent = 0
  let last: Promise<unknown> = Promise.resolve()

  /** One at a time, each a pause after the one before it. */
  function inTurn<T>(fn: () => Promise<T>): Promise<T> {
    const turn = last.then(async () => {
      signal.throwIfAborted()
      if (++sent > MOST_REQUESTS)
        throw fault('internal', { detail: `an attack wanted more than ${MOST_REQUESTS} requests` })
      await sleep(pauseMs)
      return fn()
    })
    last = turn.catch(() => undefined)
    return turn
  }

  function look({ path, method = 'GET', token }: WireRequest, { status, headers, body }: RawAnswer): void {
    const where = `${method} ${path.split('?', 1).join()}`
    const all = `${body}\n${Object.values(headers).join('\n')}`
    for (const { secret, owner, tokens } of watched) {
      if (all.includes(secret) && !(token !== undefined && tokens().has(token)))
        seen.leaks.add(`the secret of tenant ${owner} in an answer of ${where} to somebody else`)
    }
    if (status >= 400 && INSIDE.test(all))
      seen.verbose.add(`${where} answered ${status} with words of the inside`)
  }

  async function send(request: WireRequest): Promise<RawAnswer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await inTurn(() => rawRequest({ ...raw({ url, host }, request), signal }))
      look(request, answer)
      if (answer.status !== 429 || attempt > 3) return answer
      await sleep(Math.min(Number(answer.headers['retry-after'] ?? 1) * 1000, MAX_WAIT_MS), undefined, {
        signal,
      })
    }
  }

  return {
    url,
    host,
    send,
    bytes: text => inTurn(() => rawBytes(url, text, signal)),
    sent: () => sent,
    seen,
    watch: (secret, owner, tokens) => void watched.push({ secret, owner, tokens }),
  }
}

function raw(
  { url, host }: Pick<Wire, 'url' | 'host'>,
  { method = 'GET', path, token, headers = {}, more = [], body }: WireRequest,
) {
  const length = typeof body === 'string' ? { 'content-length': String(Buffer.byteLength(body)) } : {}
  const given = {
    host,
    connection: 'close',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...length,
    ...(body === undefined || typeof body === 'string' ? {} : { 'transfer-encoding': 'chunked' }),
    ...headers,
  }
  return { url: new URL(path, url), method, headers: [...Object.entries(given), ...more], body }
}
