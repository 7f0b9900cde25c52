// Against requests that another site makes a browser send: what changes anything must come from a page of this server.
// SameSite cookies alone would let in other ports and subdomains of the same site.
import type { FastifyRequest } from 'fastify'
import { fault } from '../../../platform/faults.ts'

const SAFE = new Set(['GET', 'HEAD'])

export interface SameOriginOptions {
  readonly publicUrl: string
  /** Whether a request that says nothing of its origin is refused too: where the browser's cookie or form counts. */
  readonly isStrict: boolean
}

/** Throws `forbidden` for a request of another method than GET and HEAD that came from elsewhere. */
export function requireSameOrigin(
  { method, headers }: Pick<FastifyRequest, 'method' | 'headers'>,
  { publicUrl, isStrict }: SameOriginOptions,
): void {
  if (SAFE.has(method)) return
  const { origin, host } = headers
  const site = headers['sec-fetch-site']
  if (origin !== undefined) {
    if (isOwn(origin, publicUrl, host)) return
    throw crossSite()
  }
  if (site === 'same-origin' || (site === undefined && !isStrict)) return
  throw crossSite()
}

/**
 * Throws `forbidden` for whatever a browser sends because another page made it, also to read. A cookie goes along with a
 * navigation that another site begins, and as long as it ends in a file the other page stays and can begin a hundred: each
 * holds a place of the one who is signed in. Whoever is no browser says nothing of it.
 */
export function requireOwnPage({ headers }: Pick<FastifyRequest, 'headers'>): void {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return
  throw crossSite()
}

/** The public address, or the very Host of the request (a loopback name; the door has a closed list) by the same scheme. */
function isOwn(origin: string, publicUrl: string, host: string | undefined): boolean {
  const own = new URL(publicUrl)
  return origin === own.origin || origin === `${own.protocol}//${host?.toLowerCase() ?? ''}`
}

function crossSite() {
  return fault('forbidden', {
    reason: 'cross_site',
    say: 'This must be sent from a page of this server; open it anew and try again.',
  })
}
