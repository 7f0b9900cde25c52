// Who speaks to the agent, for every route below its audience: known before a byte of the body is read, and not too fast.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Authenticate } from '../../../gate/authenticate.ts'
import type { TenantPrincipal } from '../../../gate/call.ts'
import type { Admission } from '../../../gate/limits/memory-limiter.ts'
import { rateLimited, type TierAdmission } from '../../../gate/rate-limit.ts'
import { requestContext } from '../../../platform/telemetry/request-context.ts'
import { tellLimits } from '../../http/door/tell-limits.ts'

export interface Admitting {
  /** Of the audience `a2a`. Throws `unauthenticated`. */
  readonly authenticate: Authenticate
  readonly limitPrincipal: (principal: TenantPrincipal) => Promise<Admission>
}

/** Throws `unauthenticated` or `rate_limited`; the caller's principal is then on the request, and is watched. */
export async function admitCaller(
  request: FastifyRequest,
  reply: FastifyReply,
  { authenticate, limitPrincipal }: Admitting,
): Promise<TenantPrincipal> {
  const context = requestContext()
  const started = performance.now()
  const identify = (): Promise<TenantPrincipal> => authenticate(request.headers.authorization)
  const principal = await identify()
  request.principal = principal
  request.admitted = { principal, identify }
  const { tenantId, subject } = principal
  Object.assign(request.facts, { tenantId, userId: subject })
  if (context !== undefined) {
    Object.assign(context, { tenantId, userId: subject })
    context.timings.push({ name: 'authenticate', ms: performance.now() - started })
  }
  const admission = await limitPrincipal(principal)
  tellLimits(reply, admission.decisions)
  if (!admission.allowed) throw rateLimited(admission)
  return principal
}

export type LimitRequest = (principal: TenantPrincipal) => Promise<TierAdmission>

/** Among the requests that the tenant's tier counts, unless the operation goes on with an earlier one. */
export async function countForTier(
  { principal }: FastifyRequest,
  reply: FastifyReply,
  {
    uncounted,
    limitRequest,
  }: { readonly uncounted?: boolean | undefined; readonly limitRequest: LimitRequest },
): Promise<void> {
  if (principal === undefined || uncounted === true) return
  const admission = await limitRequest(principal)
  tellLimits(reply, admission.decisions)
  if (!admission.allowed) throw rateLimited(admission)
}
