// What every request passes before its route sees it, cheapest first and before a byte of the body is read:
// headers, Host and Origin, encoding, the limit of its address, whether there is such a route.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Admission } from '../../../gate/limits/memory-limiter.ts'
import { rateLimited } from '../../../gate/rate-limit.ts'
import { fault } from '../../../platform/faults.ts'
import { refusal, sendRefusal, type Refusal } from '../http-faults.ts'
import type { HostPolicy } from './allowed-hosts.ts'

export interface DoorOptions {
  readonly hosts: HostPolicy
  /** The coarse limit on strangers; absent on the owner-only socket. */
  readonly limitAddress?: (address: string) => Promise<Admission>
  /** The methods of the routes that match a path. */
  readonly methodsOf: (path: string) => readonly string[]
}

/** Node's own cap is in bytes (16 KiB); this one is in number. */
const MAX_HEADERS = 100
/** A body that is still under way when its request is refused is read off the wire if it is small. */
const SMALL_BODY = 65_536

export function admitRequest({ hosts, limitAddress, methodsOf }: DoorOptions) {
  return async function admit(
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply | undefined> {
    const refused = refusedHeaders(request) ?? refusedHost(request, hosts)
    if (refused !== undefined) return sendRefusal(endConnection(reply), refused)
    if (limitAddress !== undefined && !request.routeOptions.config?.isProbe) {
      const admission = await limitAddress(request.ip)
      // A stranger is told when to come back, not which limits there are.
      if (!admission.allowed) return sendRefusal(endConnection(reply), refusal(rateLimited(admission)))
    }
    return request.is404 ? sendNoRoute(request, reply, methodsOf) : undefined
  }
}

/** Where a large body would go on arriving after its refusal, the connection ends with the answer. */
export function endConnection(reply: FastifyReply): FastifyReply {
  const { 'content-length': length, 'transfer-encoding': chunked } = reply.request.headers
  const isSmall = chunked === undefined && Number(length ?? 0) <= SMALL_BODY
  return isSmall ? reply : reply.header('connection', 'close')
}

function refusedHeaders({ raw, headers }: FastifyRequest): Refusal | undefined {
  // An absolute URL names a host a second time, and a proxy in front may have gone by the other one.
  if (!raw.url?.startsWith('/'))
    return refusal(
      fault('invalid_input', { reason: 'malformed_url', say: 'The URL must begin with a slash.' }),
    )
  const names = raw.rawHeaders.filter((_, index) => index % 2 === 0)
  if (names.length > MAX_HEADERS) {
    return refusal(
      fault('invalid_input', {
        reason: 'headers',
        say: `A request may have ${MAX_HEADERS} headers at most.`,
      }),
      431,
    )
  }
  // Node keeps the first of these and drops the rest; a proxy in front may have looked at another.
  const twice = ['host', 'authorization', 'content-type'].find(
    once => names.filter(name => name.toLowerCase() === once).length > 1,
  )
  if (twice !== undefined) {
    return refusal(
      fault('invalid_input', {
        reason: 'duplicate_header',
        say: `The header ${twice} may be sent once only.`,
      }),
    )
  }
  const encoding = headers['content-encoding']
  if (encoding === undefined) return undefined
  return refusal(
    fault('unsupported', { reason: 'content_encoding', say: 'Send the body without a Content-Encoding.' }),
    415,
  )
}

function refusedHost(request: FastifyRequest, hosts: HostPolicy): Refusal | undefined {
  if (request.routeOptions.config?.anyHost) return undefined
  const problem = hosts(request.headers.host, request.headers.origin)
  return problem === undefined ? undefined : refusal(problem)
}

function sendNoRoute(
  request: FastifyRequest,
  reply: FastifyReply,
  methodsOf: DoorOptions['methodsOf'],
): FastifyReply {
  const allowed = methodsOf(request.url.split('?', 1).join())
  endConnection(reply)
  if (allowed.length === 0)
    return sendRefusal(reply, refusal(fault('not_found', { say: 'There is nothing at this path.' })))
  return sendMethodNotAllowed(reply, allowed)
}

export function sendMethodNotAllowed(reply: FastifyReply, allowed: readonly string[]): FastifyReply {
  const say = `This path takes ${allowed.join(', ')} only.`
  return sendRefusal(
    reply.header('allow', allowed.join(', ')),
    refusal(fault('unsupported', { reason: 'method', say }), 405),
  )
}
