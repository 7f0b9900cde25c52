// How a workflow reaches what else can be asked here: by the front door.
import type { ReadCall } from '../../../gate/call.ts'

/**
 * An operation within a call: through the gate, as the same user, with his scopes, limits and documents, paid by the same
 * call. Throws what the operation refuses with.
 */
export type RunInside = (
  call: ReadCall,
  operation: string,
  input: Readonly<Record<string, unknown>>,
) => Promise<Record<string, unknown>>
