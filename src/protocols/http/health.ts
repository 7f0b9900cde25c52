// Is the process alive, and can it serve. Probes see which check failed, never why; the reason is in the log.
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Logger } from '../../platform/telemetry/logger.ts'

export interface HealthOptions {
  /** What the server needs, by name: each resolves when it is there. */
  readonly checks: Readonly<Record<string, () => Promise<unknown>>>
  readonly log: Logger
}

interface Readiness {
  readonly failed: readonly string[]
}

/** However often it is asked, the checks run once a second. */
const KEPT_MS = 1_000
const CHECK_TIMEOUT_MS = 2_000
const PROBE = { config: { anyHost: true, isProbe: true } } as const

export function mountHealth(app: FastifyInstance, options: HealthOptions): void {
  const readiness = keptReadiness(options)
  app.get('/livez', PROBE, async () => ({ status: 'ok' }))
  app.get('/readyz', PROBE, async (_request, reply) => answer(reply, await readiness(), {}))
  app.get('/health', PROBE, async (_request, reply) => answer(reply, await readiness(), { live: true }))
}

function answer(reply: FastifyReply, { failed }: Readiness, more: Record<string, unknown>): FastifyReply {
  const ready = failed.length === 0
  return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'unavailable', ...more, ready, failed })
}

function keptReadiness({ checks, log }: HealthOptions): () => Promise<Readiness> {
  let kept: { readonly until: number; readonly readiness: Promise<Readiness> } | undefined
  return () => {
    if (kept === undefined || performance.now() > kept.until) {
      kept = { until: performance.now() + KEPT_MS, readiness: runChecks(checks, log) }
    }
    return kept.readiness
  }
}

async function runChecks(checks: HealthOptions['checks'], log: Logger): Promise<Readiness> {
  const outcomes = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        await withinTime(check)
        return undefined
      } catch (error) {
        log.warn({ err: error, check: name }, 'not ready')
        return name
      }
    }),
  )
  return { failed: outcomes.filter(name => name !== undefined) }
}

async function withinTime(check: () => Promise<unknown>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`)),
    CHECK_TIMEOUT_MS,
  )
  try {
    await Promise.race([check(), promise])
  } finally {
    clearTimeout(timer)
  }
}
