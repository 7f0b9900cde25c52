// What went wrong on our side goes to the log; its caller reads no more than that it did.
import type { FastifyRequest } from 'fastify'
import type { Fault } from '../../../platform/faults.ts'
import type { Logger } from '../../../platform/telemetry/logger.ts'

export function logInternal(problem: Fault, { id }: Pick<FastifyRequest, 'id'>, log: Logger): void {
  if (problem.code === 'internal') log.error({ err: problem, request_id: id }, 'a request to /a2a failed')
}
