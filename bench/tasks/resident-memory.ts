// How much memory a process holds, where /proc is there to tell.
import { readFileSync } from 'node:fs'

/** In kB; NaN where nobody tells. */
export function residentKb(pid: string): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN)
  } catch {
    return Number.NaN
  }
}
