// A lock between launches: a folder that is made, renewed while the work goes on, and removed after it.
import { mkdirSync, rmSync, statSync, utimes } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Who works renews the lock every second; one that has not for so long was killed. */
const STALE_MS = 10_000

/** `waiting` is said once, to whoever finds another launch at work. */
export async function oneAtATime(lock, waiting, work) {
  let waits = false
  while (!take(lock)) {
    if (!waits) console.error(`gatehouse: ${waiting}`)
    waits = true
    await sleep(200)
  }
  const renewal = setInterval(() => utimes(lock, new Date(), new Date(), () => {}), 1000)
  try {
    await work()
  } finally {
    clearInterval(renewal)
    rmSync(lock, { recursive: true, force: true })
  }
}

/** Making a folder succeeds for one process only. A stale lock is removed, and contested on the next round. */
function take(lock) {
  try {
    mkdirSync(lock)
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
    if (age > STALE_MS) rmSync(lock, { recursive: true, force: true })
    return false
  }
}
