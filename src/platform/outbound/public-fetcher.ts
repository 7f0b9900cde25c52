// Fetches what a URL from outside points to, and nothing it could be bent to point to: the checked address, no
// redirects, no credentials, so many bytes, so much time. The judge of addresses is passed in; see fetch-public.ts.
import type { IncomingMessage } from 'node:http'
import { refuseInsideTransaction } from '../db/open-transaction.ts'
import { fault, Fault, type FaultCode } from '../faults.ts'
import { startDeadline, unlessAborted, type Deadline } from './deadline.ts'
import { resolveGuarded, type Guard } from './egress-guard.ts'
import { bodyUpTo, exchange, isPlain } from './exchange.ts'

export interface FetchLimits {
  readonly signal?: AbortSignal
  readonly maxBytes: number
  /** For everything: lookup, connection, head and the last byte of the body. */
  readonly deadlineMs: number
}

export interface Fetched {
  /** As the server says, without parameters: "text/html". A claim, like everything a server says. */
  readonly mediaType: string
  /** The last part of the path, or the host: never empty, no slashes or control characters, at most 200 characters. */
  readonly name: string
  /** Read it, or return it: until then the connection lives, at most as long as the deadline. */
  readonly body: AsyncIterable<Uint8Array>
}

/**
 * GET. Faults: `url_not_allowed`, `url_redirects`, `url_too_large`, `url_encoded`, `url_status` (the URL's fault),
 * `url_unreachable`, `url_timeout` (may go away). Reading the body can fail with them too.
 */
export type FetchPublic = (address: string, limits: FetchLimits) => Promise<Fetched>

export function publicFetcher(guard: Guard): FetchPublic {
  return async (address, { signal, maxBytes, deadlineMs }) => {
    refuseInsideTransaction('a network call')
    if (!URL.canParse(address)) throw refusal('url_not_allowed', 'This is not a URL.')
    const url = new URL(address)
    const deadline = startDeadline(deadlineMs, () => late(url, deadlineMs), signal)
    try {
      const pinned = await unlessAborted(resolveGuarded(url, guard), deadline.signal)
      const response = await exchange({ url, method: 'GET', pinned, signal: deadline.signal })
      try {
        refuseUnusable(url, response, guard)
        if (Number(response.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(url, maxBytes)
      } catch (error) {
        response.destroy()
        throw error
      }
      return {
        mediaType: mediaType(response),
        name: nameOf(url),
        body: transfer(url, response, { deadline, maxBytes }),
      }
    } catch (error) {
      deadline[Symbol.dispose]()
      throw asUrlFault(url, error, deadline.signal)
    }
  }
}

async function* transfer(
  url: URL,
  response: IncomingMessage,
  { deadline, maxBytes }: { readonly deadline: Deadline; readonly maxBytes: number },
): AsyncGenerator<Uint8Array> {
  try {
    yield* bodyUpTo(response, maxBytes, () => tooLarge(url, maxBytes))
    deadline.signal.throwIfAborted()
  } catch (error) {
    throw asUrlFault(url, error, deadline.signal)
  } finally {
    deadline[Symbol.dispose]()
  }
}

function refuseUnusable(url: URL, response: IncomingMessage, guard: Guard): void {
  const status = response.statusCode ?? 0
  if (status >= 300 && status < 400) throw refusal('url_redirects', redirectSentence(url, response, guard))
  if (status !== 200) {
    throw refusal(
      'url_status',
      `${shown(url)} answered with status ${status}.`,
      status === 429 || status >= 500 ? 'unavailable' : 'invalid_input',
    )
  }
  if (!isPlain(response))
    throw refusal('url_encoded', `${shown(url)} sends a compressed body that was not asked for.`)
}

/** Names the new host, so that a person can give the right URL; not its query, nor an address that is not public. */
function redirectSentence(url: URL, response: IncomingMessage, { isAllowed }: Guard): string {
  const location = response.headers.location ?? ''
  const target = URL.canParse(location, url.href) ? new URL(location, url) : undefined
  const host = target?.hostname ?? ''
  const isName = /[a-z]\.?$/.test(host) && host.includes('.')
  const where = isName || isAllowed(host.replace(/^\[|\]$/g, '')) ? host : 'an address that cannot be fetched'
  return `${shown(url)} redirects to ${where}, and redirects are not followed. Give the final URL.`
}

function tooLarge(url: URL, maxBytes: number): Fault {
  return refusal('url_too_large', `${shown(url)} is larger than ${maxBytes} bytes.`)
}

function late(url: URL, deadlineMs: number): Fault {
  return refusal('url_timeout', `${shown(url)} was not received within ${deadlineMs / 1000} s.`, 'timeout')
}

function asUrlFault(url: URL, error: unknown, signal: AbortSignal): Fault {
  if (signal.aborted && signal.reason instanceof Fault) return signal.reason
  if (error instanceof Fault) return error
  // Node's message names the address that was tried: its code is all that is kept.
  const code = (error as NodeJS.ErrnoException | null)?.code ?? 'no code'
  return fault('unavailable', {
    reason: 'url_unreachable',
    say: `${shown(url)} could not be reached, or broke off; try again later.`,
    detail: `fetching from ${url.host} failed: ${code}`,
  })
}

function refusal(reason: string, say: string, code: FaultCode = 'invalid_input'): Fault {
  return fault(code, { reason, say })
}

/** Without query and fragment: that is where keys are. */
function shown(url: URL): string {
  return `${url.origin}${url.pathname}`.slice(0, 300)
}

function mediaType(response: IncomingMessage): string {
  const [essence = ''] = (response.headers['content-type'] ?? '').split(';')
  const type = essence.trim().toLowerCase()
  return /^[\w.+-]{1,60}\/[\w.+-]{1,120}$/.test(type) ? type : 'application/octet-stream'
}

function nameOf(url: URL): string {
  const last = url.pathname.split('/').findLast(part => part !== '') ?? ''
  const name = decoded(last)
    .replace(/[\p{C}/\\]/gu, '')
    .trim()
    .slice(0, 200)
    .toWellFormed()
  return /^\.*$/.test(name) ? url.hostname : name
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
