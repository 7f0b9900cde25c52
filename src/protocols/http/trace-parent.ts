// The caller's trace as the parent of ours (W3C Trace Context, version 00). Anything malformed is ignored, never an
// error. tracestate and baggage are not taken: nothing here needs them, and they can carry anything.
import { context, trace, type Context, type SpanContext } from '@opentelemetry/api'

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/
const ZEROS = /^0+$/

/** The running context, with the span that `traceparent` names as its parent if it names one. */
export function contextBelow(traceparent: unknown): Context {
  const parent = parseTraceparent(traceparent)
  return parent === undefined ? context.active() : trace.setSpanContext(context.active(), parent)
}

export function parseTraceparent(text: unknown): SpanContext | undefined {
  if (typeof text !== 'string' || text.length !== 55) return undefined
  const [, version, traceId = '', spanId = '', flags = ''] = TRACEPARENT.exec(text) ?? []
  if (version === undefined || version === 'ff' || ZEROS.test(traceId) || ZEROS.test(spanId)) return undefined
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true }
}
