// HTTP to a Gatehouse with a credential: a fresh one is asked for once when the server refuses what it got. Everything a
// program may give is here.
import { codeOfStatus, errorFrom, GatehouseError, retryAfter } from './gatehouse-error.ts'

/** Called for each request. `refused` is the token the server has just turned away: give another one. */
export type TokenSource = (refused?: string) => string | Promise<string>

export interface ClientOptions {
  /** Of the Gatehouse, without a path of one of its doors: https://gatehouse.example */
  readonly url: string
  /** A token or key, or a function that gives one that is valid now. */
  readonly token: string | TokenSource
  readonly fetch?: typeof globalThis.fetch
  /** Sends the token over http to another machine too, where it travels in the open. */
  readonly allowHttp?: boolean
}

export interface Sending {
  /** From the root of the Gatehouse: /mcp */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** With a body it is a POST, else a GET. */
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
}

/** Answers whatever came back, refusals too. Throws `unavailable` where nothing did, `cancelled` where the signal ended it. */
export type Send = (sending: Sending) => Promise<Response>

export interface Sender {
  readonly send: Send
  /** As it was given, without slashes at its end. */
  readonly root: string
  /** Whether a refused token can be replaced. */
  readonly canRenew: boolean
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

export function sender(options: ClientOptions): Sender {
  const { token, fetch = globalThis.fetch, allowHttp = false } = options
  const root = rootOf(options.url, allowHttp)
  const source: TokenSource = typeof token === 'string' ? () => token : token

  async function sendWith(credential: string, { path, headers, body, signal }: Sending): Promise<Response> {
    try {
      return await fetch(root + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(credential === '' ? {} : { authorization: `Bearer ${credential}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
        // Followed, it would carry the credential elsewhere.
        redirect: 'error',
      })
    } catch (error) {
      throw unanswered(error, signal)
    }
  }

  return {
    root,
    canRenew: typeof token !== 'string',
    async send(sending) {
      const credential = await source()
      const answer = await sendWith(credential, sending)
      if (answer.status !== 401 || typeof token === 'string') return answer
      const renewed = await source(credential)
      if (renewed === credential) return answer
      await answer.body?.cancel()
      return sendWith(renewed, sending)
    },
  }
}

function rootOf(text: string, allowHttp: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new GatehouseError('invalid_input', `${text} is no http(s) URL.`, { reason: 'url' })
  if (url.protocol === 'http:' && !allowHttp && !LOOPBACK.test(url.hostname)) {
    const say = `${url.origin} must be https: over http the token would travel in the open.`
    throw new GatehouseError('invalid_input', say, { reason: 'url' })
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

/** A failure between the first byte sent and the last one read. */
export function unanswered(because: unknown, signal?: AbortSignal): GatehouseError {
  if (because instanceof GatehouseError) return because
  if (signal?.aborted === true) return new GatehouseError('cancelled', 'The call was given up.', { because })
  return new GatehouseError('unavailable', 'The Gatehouse did not answer, or not to the end.', {
    reason: 'no_server',
    because,
  })
}

/** The JSON of an answer that was read to its end; undefined where it is none. */
export async function jsonOf(answer: Response, signal?: AbortSignal): Promise<unknown> {
  let text: string
  try {
    text = await answer.text()
  } catch (error) {
    throw unanswered(error, signal)
  }
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** What an answer that is no success says; its problem document where it has one. */
export function refusedBy(answer: Response, body: unknown): GatehouseError {
  const told = errorFrom(body, answer.headers)
  if (told !== undefined) return told
  const say = `The server answered with status ${answer.status}.`
  const retryAfterMs = retryAfter(answer.headers)
  return new GatehouseError(
    codeOfStatus(answer.status),
    say,
    retryAfterMs === undefined ? {} : { retryAfterMs },
  )
}
