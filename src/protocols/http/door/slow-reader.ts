// A caller who does not read its answer: what was written for it stays in memory, so its connection is ended when
// nothing could be sent for a while. One who reads slowly but reads is waited for.
import type { FastifyReply } from 'fastify'

export const SLOW_READER_MS = 60_000
const LOOK_EVERY_MS = 5_000

/** Call it when the answer is about to be sent. `isStream`: it may rest for want of something to say. */
export function dropSlowReader(reply: FastifyReply, isStream: boolean, afterMs: number): void {
  const { raw } = reply
  const { socket } = raw
  if (socket === null) return
  // Node ends a connection whose timeout passes while a write makes no progress; the next request sets its own.
  if (!isStream) {
    socket.setTimeout(afterMs)
    return
  }
  let isWaiting = false
  const look = setInterval(
    () => {
      if (raw.writableNeedDrain === isWaiting) return
      isWaiting = raw.writableNeedDrain
      socket.setTimeout(isWaiting ? afterMs : 0)
    },
    Math.min(LOOK_EVERY_MS, afterMs),
  ).unref()
  raw.once('close', () => clearInterval(look))
}
