// A stage of a call: a span, and an entry of Server-Timing, under one name.
import { context, SpanStatusCode, trace as tracing, type Span } from '@opentelemetry/api'
import { Fault } from '../faults.ts'
import { requestContext } from './request-context.ts'

/** Runs `fn` as the stage `name` inside the current span. Returns what `fn` returns, a promise or not. */
export function trace<T>(name: string, fn: () => T): T {
  const span = tracing.getTracer('gatehouse').startSpan(name)
  const started = performance.now()
  const end = (failure?: { readonly thrown: unknown }): void => {
    if (failure !== undefined) fail(span, failure.thrown)
    span.end()
    requestContext()?.timings.push({ name, ms: performance.now() - started })
  }
  return context.with(tracing.setSpan(context.active(), span), () => {
    try {
      const result = fn()
      if (result instanceof Promise) {
        return result.then(
          value => {
            end()
            return value as unknown
          },
          (error: unknown) => {
            end({ thrown: error })
            throw error
          },
        ) as T
      }
      end()
      return result
    } catch (error) {
      end({ thrown: error })
      throw error
    }
  })
}

/** The trace the running code belongs to, as 32 hex digits. */
export function traceId(): string {
  return tracing.getActiveSpan()?.spanContext().traceId ?? '0'.repeat(32)
}

/** Notes a fact on the current span. Never contents of documents, queries or tokens. */
export function note(attributes: Record<string, string | number | boolean>): void {
  tracing.getActiveSpan()?.setAttributes(attributes)
}

// The code alone: a message may quote what the caller sent.
function fail(span: Span, error: unknown): void {
  const type = error instanceof Fault ? error.code : 'internal'
  span.setAttribute('error.type', type)
  span.setStatus({ code: SpanStatusCode.ERROR })
}
