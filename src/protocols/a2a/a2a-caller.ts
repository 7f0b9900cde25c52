// What a method of A2A knows of the request besides its parameters. Who calls comes from the credential alone.
import type { TenantPrincipal } from '../../gate/call.ts'

export interface A2aCaller {
  readonly principal: TenantPrincipal
  readonly requestId: string
  /** Aborted when the caller goes away; its reason is a Fault when he may no longer ask. */
  readonly signal: AbortSignal
  /**
   * The request names another tenant than its token's. It is never honoured: its tasks are nobody's, so that the answer
   * is the one for an id that does not exist.
   */
  readonly isElsewhere: boolean
  readonly idempotencyKey?: string | undefined
  /** Whether the event log extension is active: every event then carries its number in its metadata. */
  readonly hasLog: boolean
  /** Up to where the caller has heard a stream; NaN when it names no event. */
  readonly after?: number | undefined
}

/** An id of the right form that no task and no context has. */
const NOBODYS_ID = '00000000-0000-0000-0000-000000000000'
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Ids are ours to give: what is none, and what is asked of another tenant, is looked for and not found like any other. */
export function lookedFor(id: string, { isElsewhere }: Pick<A2aCaller, 'isElsewhere'>): string {
  return isElsewhere || !UUID.test(id) ? NOBODYS_ID : id
}
