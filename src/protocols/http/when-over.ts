// When a request is over: its answer is closed, or the connection is. Node tells the answer of the second only while
// it is that answer's turn: of several requests sent in a row, those that still wait for theirs would never hear it.
import type { Socket } from 'node:net'
import type { FastifyReply } from 'fastify'

const waiting = new WeakMap<Socket, Set<() => void>>()

/** Calls `fn` once. */
export function whenOver(reply: FastifyReply, fn: () => void): void {
  const { socket } = reply.request.raw
  const others = waiting.get(socket) ?? listen(socket)
  const over = (): void => {
    if (others.delete(over)) fn()
  }
  others.add(over)
  reply.raw.once('close', over)
  if (socket.destroyed) over()
}

/** One listener for a connection, however many requests come down it. */
function listen(socket: Socket): Set<() => void> {
  const all = new Set<() => void>()
  waiting.set(socket, all)
  socket.once('close', () => {
    for (const over of all) over()
  })
  return all
}
