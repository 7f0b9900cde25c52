// What the article's clients post as a new task, as the input of start_task, which checks all of it.

/** This server is one agent; a client that names it means the standard workflow. */
const OWN_NAME = 'gatehouse'

/**
 * `agent_id` is another name of `workflow`, `query` one of `question`, and `input` may be the question itself. `user_id`
 * is ignored: who asks, and who pays, is in the token.
 */
export function newTask(body: unknown, idempotencyKey: string | string[] | undefined): unknown {
  // The gate says what is wrong with it, after it has looked at who asks.
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body
  const { agent_id: agent, query, input, ...rest } = body as Record<string, unknown>
  delete rest['user_id']
  return {
    ...(agent === undefined || agent === OWN_NAME ? {} : { workflow: agent }),
    ...(query === undefined ? {} : { question: query }),
    ...(input === undefined ? {} : typeof input === 'string' ? { question: input } : { input }),
    ...(idempotencyKey === undefined ? {} : { idempotency_key: idempotencyKey }),
    ...rest,
  }
}
