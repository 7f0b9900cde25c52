// Raw A2A over HTTP, as a client that knows no SDK writes it: requests, and streams of numbered events.

export interface WireTask {
  readonly id: string
  readonly contextId: string
  readonly status: WireStatus
  readonly artifacts?: readonly { readonly artifactId: string; readonly parts: readonly WirePart[] }[]
  readonly history?: readonly { readonly messageId: string; readonly parts: readonly WirePart[] }[]
  readonly metadata?: Record<string, unknown>
}

interface WirePart {
  readonly text?: string
  readonly data?: unknown
}

interface WireStatus {
  readonly state: string
  readonly timestamp?: string
  readonly message?: {
    readonly messageId: string
    readonly parts: readonly WirePart[]
    readonly metadata?: object
  }
}

interface WireUpdate {
  readonly taskId: string
  readonly contextId: string
  readonly metadata?: Record<string, unknown>
}

export interface WireError {
  readonly code: number
  readonly status?: string
  readonly message: string
  readonly data?: readonly Record<string, unknown>[]
  readonly details?: readonly Record<string, unknown>[]
}

/** Whatever an answer of either binding and version may hold. */
export interface WireResult extends Partial<WireTask> {
  readonly task?: WireTask
  readonly tasks?: readonly WireTask[]
  readonly nextPageToken?: string
  readonly pageSize?: number
  readonly totalSize?: number
  readonly statusUpdate?: WireUpdate & { readonly status: WireStatus }
  readonly artifactUpdate?: WireUpdate & {
    readonly append?: boolean
    readonly lastChunk?: boolean
    readonly artifact: WireArtifact
  }
  readonly supportedInterfaces?: readonly { readonly tenant?: string }[]
  /** Of 0.3. */
  readonly kind?: string
  readonly final?: boolean
}

interface WireArtifact {
  readonly artifactId: string
  readonly parts: readonly WirePart[]
}

/** The envelope of JSON-RPC, or a bare result of HTTP+JSON. */
export interface WireBody extends WireResult {
  readonly result?: WireResult
  readonly error?: WireError
}

export interface WireAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: WireBody & { readonly id?: unknown }
}

export interface WireEvent {
  readonly id: number
  readonly event: string | undefined
  readonly data: WireBody
}

export interface Asking {
  readonly token?: string | undefined
  readonly headers?: Record<string, string>
  readonly signal?: AbortSignal
}

export const V1 = { 'a2a-version': '1.0' }

let count = 0

/** A message with a text, and whatever else it shall have. */
export function saying(text: string, more: Record<string, unknown> = {}) {
  return { messageId: `m-${++count}-${Date.now()}`, role: 'ROLE_USER', parts: [{ text }], ...more }
}

/** POST of one JSON-RPC request, 1.0 unless the headers say otherwise. */
export async function rpc(
  url: string,
  method: string,
  params: unknown,
  asking: Asking = {},
): Promise<WireAnswer> {
  return answerOf(await postRpc(url, { jsonrpc: '2.0', id: 7, method, params }, asking))
}

export async function postRpc(url: string, body: unknown, asking: Asking = {}): Promise<Response> {
  return fetch(`${url}/a2a`, {
    method: 'POST',
    headers: headersOf({ ...asking, headers: { ...V1, ...asking.headers } }),
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(asking.signal === undefined ? {} : { signal: asking.signal }),
  })
}

/** `target` is a verb and a path below /a2a/rest: 'GET /tasks'. */
export async function rest(
  url: string,
  target: string,
  body?: unknown,
  asking: Asking = {},
): Promise<WireAnswer> {
  return answerOf(await fetchRest(url, target, body, asking))
}

export async function fetchRest(
  url: string,
  target: string,
  body?: unknown,
  asking: Asking = {},
): Promise<Response> {
  const [method = '', path = ''] = target.split(' ', 2)
  const headers = headersOf({
    ...asking,
    headers: { 'content-type': 'application/a2a+json', ...asking.headers },
  })
  if (body === undefined) delete headers['content-type']
  return fetch(`${url}/a2a/rest${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(asking.signal === undefined ? {} : { signal: asking.signal }),
  })
}

async function answerOf(response: Response): Promise<WireAnswer> {
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: JSON.parse(text) as WireAnswer['body'],
  }
}

function headersOf({ token = 'ada', headers = {} }: Asking): Record<string, string> {
  return {
    'content-type': 'application/json',
    ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
    ...headers,
  }
}

/** The events of a stream as they come, comments left out; ends with it. */
export async function* eventsOf(response: Response): AsyncGenerator<WireEvent> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map(line => [line.split(':', 1)[0] ?? '', line.replace(/^[^:]*: ?/, '')]),
      )
      const data = fields.get('data')
      if (data !== undefined)
        yield {
          id: Number(fields.get('id') ?? Number.NaN),
          event: fields.get('event'),
          data: JSON.parse(data) as WireBody,
        }
    }
  }
}

/** So many of the events, and then the client leaves. */
export async function take(events: AsyncGenerator<WireEvent>, count: number): Promise<WireEvent[]> {
  const taken: WireEvent[] = []
  while (taken.length < count) {
    const next = await events.next()
    if (next.done === true) break
    taken.push(next.value)
  }
  return taken
}
