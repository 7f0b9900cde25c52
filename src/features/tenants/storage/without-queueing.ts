// How the maintainer takes locks that others may hold. Who waits for a lock makes everyone wait who comes after and
// needs that table; so a step runs under a lock_timeout, gives up, steps back and tries again.
import { setTimeout as wait } from 'node:timers/promises'
import { Fault } from '../../../platform/faults.ts'

export const LOCK_TIMEOUT = `set local lock_timeout = '2s'`

const ATTEMPTS = 20
const LOCK_NOT_AVAILABLE = '55P03'
const DEADLOCK_DETECTED = '40P01'

/** Runs `step`, a transaction that begins with LOCK_TIMEOUT, until it gets its locks; gives up after some 20 attempts. */
export async function withoutQueueing<T>(step: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step()
    } catch (error) {
      if (attempt === ATTEMPTS || !isContended(error)) throw error
      await wait(100 + Math.random() * 400)
    }
  }
}

function isContended(error: unknown): boolean {
  const { code } = ((error instanceof Fault ? error.cause : error) ?? {}) as { code?: string }
  return code === LOCK_NOT_AVAILABLE || code === DEADLOCK_DETECTED
}
