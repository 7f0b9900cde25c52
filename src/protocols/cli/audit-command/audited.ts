// Whose audit a command speaks of, and how it is asked for.
import type { pageInput } from '../../../features/audit/rows/audit-page.ts'
import type { ListedAuditRow } from '../../../features/audit/rows/listed-row.ts'
import type { verifyInput, verifyOutput } from '../../../features/audit/chain/verification.ts'
import type { z } from 'zod'
import { asFault } from '../../../platform/faults.ts'
import type { Operator } from '../operator.ts'

export type Verification = z.output<typeof verifyOutput>
export type SavedHead = z.input<typeof verifyInput>['saved_head']
type Listing = Omit<z.input<typeof pageInput>, 'cursor'>

export interface Audited {
  /** One page; `cursor` for the next one. */
  list(listing: Listing, cursor?: string): Promise<{ rows: ListedAuditRow[]; next_cursor?: string }>
  verify(saved: SavedHead): Promise<Verification>
}

/** The audit of a tenant (id or slug); without one the deployment's own or, with a user's credential, that of its tenant. */
export function auditedBy(operator: Operator, tenant: string | undefined): Audited {
  return tenant === undefined
    ? deploymentOrOwn(operator)
    : auditedVia(operator.as(tenant, 'operator', ['audit:read']).run)
}

function deploymentOrOwn(operator: Operator): Audited {
  const deployment = asked(operator.run, DEPLOYMENT)
  let own: Audited | undefined
  const either = async <T>(ask: (audited: Audited) => Promise<T>): Promise<T> => {
    if (own !== undefined) return ask(own)
    try {
      return await ask(deployment)
    } catch (error) {
      if (asFault(error).reason !== 'operator_key') throw error
      own = auditedVia(operator.as(undefined, 'operator').run)
      return ask(own)
    }
  }
  return {
    list: (listing, cursor) => either(audited => audited.list(listing, cursor)),
    verify: saved => either(audited => audited.verify(saved)),
  }
}

/** The audit of the tenant that a caller acts in. */
export function auditedVia(run: Operator['run']): Audited {
  return asked(run, TENANT)
}

function asked(run: Operator['run'], names: typeof TENANT): Audited {
  return {
    list: async (listing, cursor) =>
      (await run(names.list, cursor === undefined ? listing : { ...listing, cursor })) as never,
    verify: async saved =>
      (await run(names.verify, saved === undefined ? {} : { saved_head: saved })) as unknown as Verification,
  }
}

const DEPLOYMENT = { list: 'list_deployment_audit', verify: 'verify_deployment_audit' }
const TENANT = { list: 'list_audit', verify: 'verify_audit' }

/** Every row of a listing, page by page. */
export async function* allRows(audited: Audited, listing: Listing): AsyncGenerator<ListedAuditRow> {
  for (let cursor: string | undefined; ; ) {
    const page = await audited.list({ limit: 500, ...listing }, cursor)
    yield* page.rows
    cursor = page.next_cursor
    if (cursor === undefined) return
  }
}
