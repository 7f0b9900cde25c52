// Looks after a working child every 100 ms: its memory, as the system counts it, and the time it owes an answer.
import { readFileSync } from 'node:fs'

const EVERY_MS = 100

export interface Watched {
  readonly pid: number
  readonly maxMemoryMb: number
  /** Milliseconds the child has left; 0 or less ends it. */
  timeLeft(): number
  over(what: 'parse_memory' | 'parse_timeout'): void
}

/** Returns what ends the watch. */
export function watchChild({ pid, maxMemoryMb, timeLeft, over }: Watched): () => void {
  const timer = setInterval(() => {
    if (residentMb(pid) > maxMemoryMb) over('parse_memory')
    else if (timeLeft() <= 0) over('parse_timeout')
  }, EVERY_MS)
  return () => clearInterval(timer)
}

/** 0 where the system does not tell (only Linux does); there the limit of the heap alone holds. */
function residentMb(pid: number): number {
  try {
    const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kilobytes) / 1_024
  } catch {
    return 0
  }
}
