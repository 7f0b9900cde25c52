// Which names this server answers to. A page on another site that points its own name at this machine (DNS
// rebinding) still sends its own Host and Origin; both are compared with a closed list.
import { fault, type Fault } from '../../../platform/faults.ts'

export interface HostPolicyOptions {
  /** The address clients use. */
  readonly publicUrl: string
  /** Listening on loopback or on a Unix socket: the loopback names count too. */
  readonly isLocal: boolean
  /** Further host names. */
  readonly allowedHosts: readonly string[]
}

/** Answers what is wrong with a request's Host and Origin, or undefined. */
export type HostPolicy = (host: string | undefined, origin: string | undefined) => Fault | undefined

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]']
/** Stricter than the URL parser, which would read `evil.test@localhost` as localhost. */
const HOST = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::\d{1,5})?$/i

/** Whether an address to listen on is reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

export function hostPolicy({ publicUrl, isLocal, allowedHosts }: HostPolicyOptions): HostPolicy {
  const own = new URL(publicUrl)
  const further = allowedHosts.map(host => host.toLowerCase())
  const names = new Set([own.hostname, ...further, ...(isLocal ? LOOPBACK_NAMES : [])])
  return (host, origin) => {
    const name = HOST.exec(host ?? '')?.[1]?.toLowerCase()
    if (name === undefined || !names.has(name)) return REFUSED_HOST()
    if (origin === undefined || origin === own.origin) return undefined
    // Same origin as the request itself, or a name that was configured: another port of localhost is another site.
    const from = URL.canParse(origin) ? new URL(origin) : undefined
    if (from?.origin !== origin || !/^https?:$/.test(from.protocol)) return REFUSED_ORIGIN()
    return from.host === host?.toLowerCase() || further.includes(from.hostname) ? undefined : REFUSED_ORIGIN()
  }
}

const REFUSED_HOST = () =>
  fault('forbidden', {
    reason: 'host',
    say: 'This server does not answer to that Host; GATEHOUSE_ALLOWED_HOSTS can name it.',
  })
const REFUSED_ORIGIN = () =>
  fault('forbidden', {
    reason: 'origin',
    say: 'Pages of that Origin may not call this server; GATEHOUSE_ALLOWED_HOSTS can name it.',
  })
