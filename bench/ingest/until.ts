// Waiting for what is only known by asking.
import { setTimeout as wait } from 'node:timers/promises'

/** Asked ten times a second, so that a time measured with it is up to 100 ms too long. */
const EVERY_MS = 100

export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await wait(EVERY_MS)
}
