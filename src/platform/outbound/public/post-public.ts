// Posts a message to a URL that came from outside, and learns nothing of the answer but its status: the checked
// address, no redirects, so much time. Over https, except to the hosts that the environment names.
import { refuseInsideTransaction } from '../../db/open-transaction.ts'
import { fault, Fault } from '../../faults.ts'
import { startDeadline, unlessAborted } from '../deadline.ts'
import { isPublicAddress, resolveGuarded, systemLookup, type Address, type Guard } from '../egress-guard.ts'
import { exchange } from '../exchange.ts'

export interface Message {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** For everything: lookup, connection, the answer's head. */
  readonly deadlineMs: number
  readonly signal?: AbortSignal | undefined
}

export interface PostPublic {
  /** Throws `url_not_allowed` for a URL that nothing would be posted to; `url_unreachable` when it cannot be told now. */
  check(address: string): Promise<void>
  /**
   * The status of the answer, whichever it is: 301 is one too. Faults: `url_not_allowed`; `url_unreachable` and
   * `url_timeout` may go away; `cancelled`.
   */
  post(address: string, message: Message): Promise<number>
}

/** `privateHosts`: host, and port where it is not the scheme's own, as they stand in a URL. */
export function postPublic(
  privateHosts: readonly string[],
  lookup: Guard['lookup'] = systemLookup,
): PostPublic {
  const named = new Set(privateHosts.map(host => host.toLowerCase()))

  async function resolve(url: URL | undefined): Promise<Address> {
    if (url !== undefined && named.has(url.host))
      return resolveGuarded(url, { lookup, isAllowed: () => true })
    if (url?.protocol === 'https:') return resolveGuarded(url, { lookup, isAllowed: isPublicAddress })
    throw fault('invalid_input', {
      reason: 'url_not_allowed',
      say: 'A webhook is an https URL of a public host. A host of your own may be named in GATEHOUSE_PRIVATE_WEBHOOK_HOSTS.',
    })
  }

  return {
    async check(address) {
      refuseInsideTransaction('a network call')
      await resolve(parsed(address))
    },
    async post(address, { headers, body, deadlineMs, signal }) {
      refuseInsideTransaction('a network call')
      const deadline = startDeadline(deadlineMs, late, signal)
      try {
        const url = parsed(address)
        const pinned = await unlessAborted(resolve(url), deadline.signal)
        const length = String(Buffer.byteLength(body))
        const response = await exchange({
          url: new URL(address),
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json', 'content-length': length },
          body,
          pinned,
          signal: deadline.signal,
        })
        response.destroy()
        return response.statusCode ?? 0
      } catch (error) {
        if (deadline.signal.aborted) throw deadline.signal.reason
        if (error instanceof Fault) throw error
        // Node's message names the address that was tried: its code is all that is kept.
        const code = (error as NodeJS.ErrnoException | null)?.code ?? 'no code'
        throw fault('unavailable', { reason: 'url_unreachable', detail: `posting a message failed: ${code}` })
      } finally {
        deadline[Symbol.dispose]()
      }
    },
  }
}

function parsed(address: string): URL | undefined {
  return URL.canParse(address) ? new URL(address) : undefined
}

function late(): Fault {
  return fault('timeout', { reason: 'url_timeout', say: 'The URL did not answer in time.' })
}
