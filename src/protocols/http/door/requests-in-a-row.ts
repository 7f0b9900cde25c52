// Requests sent down one connection without waiting for answers. Beyond a few, Node stops reading the connection until
// answers have left, and would not see that its caller is gone: all that runs for it would run on.
import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { whenOver } from '../when-over.ts'

/** Clients that pipeline at all send a handful. */
const MOST_IN_A_ROW = 16

const unanswered = new WeakMap<Socket, number>()

/** Ends the connection when too many of its requests wait for their answers; true when it did. */
export function endFlood({ raw: { socket } }: FastifyRequest, reply: FastifyReply): boolean {
  const before = unanswered.get(socket) ?? 0
  if (before >= MOST_IN_A_ROW) {
    reply.hijack()
    socket.destroy()
    return true
  }
  unanswered.set(socket, before + 1)
  whenOver(reply, () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1))
  return false
}
