// What is known of the request that the running code belongs to: for log lines and Server-Timing. Ids only.
import { AsyncLocalStorage } from 'node:async_hooks'

export interface StageTiming {
  readonly name: string
  readonly ms: number
}

export interface RequestContext {
  readonly requestId: string
  tenantId?: string
  userId?: string
  readonly timings: StageTiming[]
}

const current = new AsyncLocalStorage<RequestContext>()

export function inRequest<T>(requestId: string, fn: () => T): T {
  return current.run({ requestId, timings: [] }, fn)
}

export function requestContext(): RequestContext | undefined {
  return current.getStore()
}
