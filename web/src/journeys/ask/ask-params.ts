// What stands in the address of a conversation.

export interface AskParams {
  /** A question to begin with: it stands in the field and is not sent. */
  readonly q?: string
  /** The conversation. */
  readonly context?: string
  /** Another workflow than answering from documents. */
  readonly workflow?: string
}

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const LONGEST = 4_000

export function askParams(given: Record<string, unknown>): AskParams {
  const { q, context, workflow } = given
  return {
    ...(typeof q === 'string' && q !== '' ? { q: q.slice(0, LONGEST) } : {}),
    ...(typeof context === 'string' && ID.test(context) ? { context } : {}),
    ...(typeof workflow === 'string' && /^[\w-]{1,100}$/.test(workflow) ? { workflow } : {}),
  }
}
