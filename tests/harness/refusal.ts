// How something fails: the fault, and the SQLSTATE of the database error behind it.
import type { Fault } from '../../src/platform/faults.ts'

/** The fault that a promise rejects with; undefined when it resolves. */
export async function refusalOf(running: Promise<unknown>): Promise<Fault | undefined> {
  try {
    await running
    return undefined
  } catch (error) {
    return error as Fault
  }
}

/** The SQLSTATE that a promise was refused with, else its fault's code; 'accepted' when it resolves. */
export async function stateOf(running: Promise<unknown>): Promise<string> {
  const refusal = await refusalOf(running)
  if (refusal === undefined) return 'accepted'
  return (refusal.cause as { code?: string } | undefined)?.code ?? refusal.code
}
