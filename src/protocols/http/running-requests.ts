// The requests that are under way: each has a signal that says nobody waits for it any more. What its caller may no
// longer ask for is ended too, and a stopping server waits for them, but not for ever.
import type { FastifyInstance, FastifyReply } from 'fastify'
import { whyEnded, type Admitted } from '../../gate/standing/why-ended.ts'
import { fault, type Fault } from '../../platform/faults.ts'
import { whenOver } from './when-over.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who was let in, whichever protocol did it: while the request runs it is asked whether it still would be. */
    admitted: Admitted | undefined
    /** Its client goes on elsewhere when the answer breaks off: a server that stops does not wait for it. */
    isResumable: boolean | undefined
  }
}

export interface RunningRequests {
  /**
   * Counts the request until its answer is sent; the signal aborts when its caller goes away before that, and with a
   * fault as its reason when the caller would not be let in any more.
   */
  begin(reply: FastifyReply): AbortSignal
  /** Takes no new requests, lets running ones end, aborts after `graceMs` what still runs. */
  stop(graceMs?: number): Promise<void>
}

/** How long what was aborted may take to end by itself. */
const LAST_WORDS_MS = 1_000
/** With the second in which a revocation is read and the last words, a stream ends within five. */
const CHECK_MS = 2_000

/** Said to whoever has not been answered yet; a stream just ends. */
function stopping(): Fault {
  return fault('unavailable', {
    reason: 'stopping',
    retryAfterMs: 1_000,
    say: 'This server is stopping: ask again, and another or the next one answers.',
  })
}

export function runningRequests(app: FastifyInstance): RunningRequests {
  app.decorateRequest('admitted')
  app.decorateRequest('isResumable')
  const running = new Map<AbortController, FastifyReply>()
  let isStopping = false
  // A connection that was busy when the server closed stays open for its next request, which would never be served.
  const closeIdle = () => isStopping && app.server.closeIdleConnections()
  /** What runs may say why; an answer that goes on in spite of it is cut off. */
  const endIfRefused = async (controller: AbortController, reply: FastifyReply): Promise<void> => {
    const { admitted } = reply.request
    if (admitted === undefined || controller.signal.aborted) return
    const why = await whyEnded(admitted, Date.now())
    if (why === undefined || controller.signal.aborted) return
    controller.abort(why)
    setTimeout(() => running.has(controller) && reply.raw.destroy(), LAST_WORDS_MS).unref()
  }
  const watch = setInterval(() => {
    for (const [controller, reply] of running) void endIfRefused(controller, reply)
  }, CHECK_MS).unref()
  return {
    begin(reply) {
      const controller = new AbortController()
      running.set(controller, reply)
      whenOver(reply, () => {
        running.delete(controller)
        if (!reply.raw.writableFinished) controller.abort()
        setImmediate(closeIdle)
      })
      return controller.signal
    },
    async stop(graceMs = 10_000) {
      isStopping = true
      for (const [controller, reply] of running)
        if (reply.request.isResumable === true)
          controller.abort(reply.raw.headersSent ? undefined : stopping())
      const patience = setTimeout(() => running.forEach((_, controller) => controller.abort()), graceMs)
      const end = setTimeout(() => app.server.closeAllConnections(), graceMs + LAST_WORDS_MS)
      try {
        await app.close()
      } finally {
        clearInterval(watch)
        clearTimeout(patience)
        clearTimeout(end)
      }
    },
  }
}
