// The requests that are under way: each has a signal that says nobody waits for it any more, and a stopping server
// waits for them, but not for ever.
import type { FastifyInstance, FastifyReply } from 'fastify'

export interface RunningRequests {
  /** Counts the request until its answer is sent; the signal aborts when its caller goes away before that. */
  begin(reply: FastifyReply): AbortSignal
  /** Takes no new requests, lets running ones end, aborts after `graceMs` what still runs. */
  stop(graceMs?: number): Promise<void>
}

/** How long what was aborted may take to end by itself. */
const LAST_WORDS_MS = 1_000

export function runningRequests(app: FastifyInstance): RunningRequests {
  const running = new Set<AbortController>()
  let isStopping = false
  // A connection that was busy when the server closed stays open for its next request, which would never be served.
  const closeIdle = () => isStopping && app.server.closeIdleConnections()
  return {
    begin(reply) {
      const controller = new AbortController()
      running.add(controller)
      reply.raw.once('close', () => {
        running.delete(controller)
        if (!reply.raw.writableFinished) controller.abort()
        setImmediate(closeIdle)
      })
      return controller.signal
    },
    async stop(graceMs = 10_000) {
      isStopping = true
      const patience = setTimeout(() => running.forEach(controller => controller.abort()), graceMs)
      const end = setTimeout(() => app.server.closeAllConnections(), graceMs + LAST_WORDS_MS)
      try {
        await app.close()
      } finally {
        clearTimeout(patience)
        clearTimeout(end)
      }
    },
  }
}
