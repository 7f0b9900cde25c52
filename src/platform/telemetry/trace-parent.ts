// Traces that go on from one process, or one hour, to another (W3C Trace Context, version 00): the caller's as the parent
// of ours, and ours as text to be kept. Anything malformed is ignored, never an
// error. tracestate and baggage are not taken: nothing here needs them, and they can carry anything.
import { trace as stage } from './trace.ts'
import { context, isSpanContextValid, trace, type Context, type SpanContext } from '@opentelemetry/api'

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/
const ZEROS = /^0+$/

/** The running context, with the span that `traceparent` names as its parent if it names one. */
export function contextBelow(traceparent: unknown): Context {
  const parent = parseTraceparent(traceparent)
  return parent === undefined ? context.active() : trace.setSpanContext(context.active(), parent)
}

/** The running span as a `traceparent`; undefined where nothing is traced. */
export function currentTraceparent(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext()
  if (span === undefined || !isSpanContextValid(span)) return undefined
  return `00-${span.traceId}-${span.spanId}-0${span.traceFlags & 1}`
}

export function parseTraceparent(text: unknown): SpanContext | undefined {
  if (typeof text !== 'string' || text.length !== 55) return undefined
  const [, version, traceId = '', spanId = '', flags = ''] = TRACEPARENT.exec(text) ?? []
  if (version === undefined || version === 'ff' || ZEROS.test(traceId) || ZEROS.test(spanId)) return undefined
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true }
}

/** Runs `fn` as the span `name` below the one that was kept as text; in a trace of its own where there is none. */
export function traceBelow<T>(
  traceparent: string | undefined,
  name: string,
  fn: () => Promise<T>,
): Promise<T> {
  return context.with(contextBelow(traceparent), () => stage(name, fn))
}
