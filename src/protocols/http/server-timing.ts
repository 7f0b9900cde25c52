// How long each stage of a call took, as a Server-Timing header (W3C): for callers whose credential allows it.
import type { StageTiming } from '../../platform/telemetry/request-context.ts'

export function serverTiming(timings: readonly StageTiming[] = []): string {
  return timings.map(({ name, ms }) => `${name};dur=${ms.toFixed(1)}`).join(', ')
}
