// What both bindings do with a request before its method is asked: who calls, which extension is on, whether the tier
// has room for it.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { missingScope } from '../../gate/authorize.ts'
import type { TenantPrincipal } from '../../gate/call.ts'
import type { Operation } from '../../gate/operation.ts'
import type { A2aCaller } from './a2a-caller.ts'
import type { A2aMethod } from './a2a-methods.ts'
import type { A2aVersion } from './a2a-version.ts'
import { countForTier, type LimitRequest } from './door/admit-caller.ts'
import { cursorOf, requestedExtensions } from './stream/event-log-extension.ts'

export interface RequestDeps {
  readonly uri: string
  /** By the tenant's tier. */
  readonly limitRequest: LimitRequest
}

/** `params` are looked at for the tenant they name, and for how far a stream was heard; the method checks them. */
export function callerOf(request: FastifyRequest, params: unknown, uri: string): A2aCaller {
  const principal = principalOf(request)
  const { headers } = request
  const key = headers['idempotency-key']
  const named = [member(params, 'tenant'), member(request.params, 'tenant'), member(request.query, 'tenant')]
  return {
    principal,
    requestId: request.id,
    signal: request.gone,
    isElsewhere: named.some(
      tenant => tenant !== undefined && tenant !== null && tenant !== '' && tenant !== principal.tenantId,
    ),
    idempotencyKey: typeof key === 'string' && key !== '' ? key : undefined,
    hasLog: requestedExtensions(headers).includes(uri),
    after: cursorOf(headers['last-event-id'], member(params, 'metadata'), uri),
  }
}

/** Throws `rate_limited`; the headers tell of limits and of the extension either way. */
export async function admitMethod(
  reply: FastifyReply,
  { method, caller, version }: { method: A2aMethod; caller: A2aCaller; version: A2aVersion },
  { limitRequest, uri }: RequestDeps,
): Promise<void> {
  if (method.operation !== undefined) reply.request.facts.operation = method.operation
  if (caller.hasLog) reply.header(version === '0.3' ? 'x-a2a-extensions' : 'a2a-extensions', uri)
  await countForTier(reply.request, reply, { uncounted: !method.isCounted, limitRequest })
}

/** Of the operation that was asked. */
export function scopeMissing(
  { facts, principal }: FastifyRequest,
  catalog: readonly Operation[],
): string | undefined {
  const operation = catalog.find(({ name }) => name === facts.operation)
  return operation === undefined || principal === undefined ? undefined : missingScope(operation, principal)
}

export function principalOf({ principal }: FastifyRequest): TenantPrincipal {
  if (principal === undefined) throw new Error('nobody reaches this without a token')
  return principal
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}
