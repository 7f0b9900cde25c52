// What a caller is told of its limits, as structured fields (RFC 9651) of draft-ietf-httpapi-ratelimit-headers-10:
//   RateLimit-Policy: "tenant";q=200;w=2, "user";q=200;w=2
//   RateLimit: "tenant";r=199;t=1, "user";r=199;t=1
import type { Decision } from './gcra.ts'

/** The fields by name, for an answer of any status; `Retry-After` only when something was refused. */
export function rateLimitHeaders(decisions: readonly Decision[]): Record<string, string> {
  if (decisions.length === 0) return {}
  const retryAfter = retryAfterSeconds(decisions)
  return {
    'RateLimit-Policy': decisions.map(policyItem).join(', '),
    RateLimit: decisions.map(serviceItem).join(', '),
    ...(retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }),
  }
}

/** Whole seconds until everything that was refused can pass; undefined when nothing was refused. */
export function retryAfterSeconds(decisions: readonly Decision[]): number | undefined {
  const refused = decisions.filter(decision => !decision.allowed)
  return refused.length === 0
    ? undefined
    : Math.max(...refused.map(({ retryAfterMs }) => wholeSeconds(retryAfterMs)))
}

/** The quota, and the time in which all of it comes back (3.1). */
function policyItem({ limit }: Decision): string {
  return `"${limit.name}";q=${limit.burst};w=${Math.max(1, Math.ceil(limit.burst / limit.perSecond))}`
}

/** What is left, and when there will be more of it (4.1.2): absent while nothing is missing. */
function serviceItem({ limit, remaining, resetAfterMs }: Decision): string {
  const reset = resetAfterMs === 0 ? '' : `;t=${wholeSeconds(resetAfterMs)}`
  return `"${limit.name}";r=${remaining}${reset}`
}

export function wholeSeconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000))
}
