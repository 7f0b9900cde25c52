// A request's place among those under way: of its address before it is looked at, of its tenant and user once they
// are known, whichever protocol found out. Freed when the answer is closed, sent or not.
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { tooManyRunning, type Concurrency, type Release } from '../../../gate/limits/concurrency.ts'
import { whenOver } from '../when-over.ts'
import { endConnection } from './admit-request.ts'

/** Throws `rate_limited` with the reason `too_many_running`. Probes pass. */
export function takeAddressPlace(request: FastifyRequest, reply: FastifyReply, places: Concurrency): void {
  if (request.routeOptions.config?.isProbe) return
  hold(places.ofAddress(request.ip), reply)
}

/** After every `onRequest`, before a byte of the body is read. Who gets no place hears of it after a pause. */
export async function takeCallerPlace(
  request: FastifyRequest,
  reply: FastifyReply,
  places: Concurrency,
): Promise<void> {
  const { tenantId, userId } = request.facts
  if (tenantId === undefined || userId === undefined) return
  const release = places.ofCaller(tenantId, userId)
  if (release === undefined && places.refusalPauseMs > 0) await sleep(places.refusalPauseMs)
  hold(release, reply)
}

function hold(release: Release | undefined, reply: FastifyReply): void {
  if (release === undefined) {
    endConnection(reply)
    throw tooManyRunning()
  }
  whenOver(reply, release)
}
