// HTTP(S) to a Gatehouse elsewhere: the address and the credential come from the environment, a file or options. A
// credential travels in the open only on this machine.
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { exchange, keptConnections } from '../../../platform/outbound/exchange.ts'
import { fault, type Fault } from '../../../platform/faults.ts'
import { NO_SERVER, type Post, type Posting } from './connection.ts'

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** The address as it is used, or `invalid_input` saying why it is not. */
export function remoteUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw refused(`${text} is no http(s) URL: give the address clients use, like https://gatehouse.example.`)
  if (url.username !== '' || url.password !== '')
    throw refused('The URL carries a user name or password; the credential belongs into GATEHOUSE_TOKEN.')
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname))
    throw refused(`${url.origin} must be https: over http the credential would travel in the open.`)
  if (url.search !== '' || url.hash !== '') throw refused('The URL must end with its path.')
  return url
}

export interface UrlWay {
  readonly post: Post
  /** Closes the connections that are kept for the next call. */
  close(): void
}

export function urlWay(base: URL): UrlWay {
  const agent = keptConnections(base)
  const root = base.href.replace(/\/+$/, '')
  return {
    close: () => agent.destroy(),
    async post({ path, body, headers = {}, signal = new AbortController().signal }) {
      try {
        const answer = await exchange({
          url: new URL(root + path),
          method: 'POST',
          headers: posted(body, headers),
          body,
          signal,
          agent,
        })
        return asResponse(answer)
      } catch (error) {
        throw unreachable(error as NodeJS.ErrnoException, base)
      }
    },
  }
}

function posted(body: string, headers: Posting['headers'] = {}): Record<string, string> {
  return {
    ...headers,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
  }
}

/** A Node answer as a web one. */
export function asResponse(answer: IncomingMessage): Response {
  const fields = Object.entries(answer.headers).map(
    ([name, value]) => [name, String(value)] as [string, string],
  )
  const status = answer.statusCode ?? 500
  const isEmpty = status === 204 || status === 304
  const stream = Readable.toWeb(answer) as ReadableStream<Uint8Array>
  return new Response(isEmpty ? null : stream, { status, headers: fields })
}

/** What OpenSSL and Node call a certificate that is not to be trusted. */
const CERTIFICATE = /CERT|SELF_SIGNED|ALTNAME|LEAF_SIGNATURE|ISSUER/

function unreachable(error: NodeJS.ErrnoException, { origin }: URL): Fault {
  const code = error.code ?? error.name
  if (error.name === 'AbortError') return fault('cancelled', { because: error })
  if (CERTIFICATE.test(code)) {
    return fault('unavailable', {
      reason: 'certificate',
      say: `The certificate of ${origin} is not trusted (${code}); NODE_EXTRA_CA_CERTS names the file of your own authority.`,
      because: error,
    })
  }
  return fault('unavailable', {
    reason: NO_SERVER,
    say: `There is no Gatehouse at ${origin} (${code}).`,
    because: error,
  })
}

function refused(say: string): Fault {
  return fault('invalid_input', { reason: 'url', say })
}
