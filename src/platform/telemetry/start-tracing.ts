// Makes spans real: without a provider the OpenTelemetry API hands out empty ones, and log lines, audit rows and
// answers would have no trace id to meet under.
import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { TracerProvider } from '@opentelemetry/sdk-trace'

/** Call once, before anything is traced. */
export function startTracing(): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(new TracerProvider())
}
