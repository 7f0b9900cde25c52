// `gatehouse cost verify`: of one tenant or of all, whether the ledger is as it was written, every row costs what it says,
// and every budget counts what the ledger says.
import type { z } from 'zod'
import type { verifyCosts } from '../../../features/usage/ledger/verify-costs.ts'
import { dollars } from '../../../gate/money/money-text.ts'
import { fault } from '../../../platform/faults.ts'
import type { TenantCaller } from '../acting-in.ts'
import type { Verification } from '../audit-command/audited.ts'
import type { SavedHeads } from '../audit-command/saved-heads.ts'
import { verificationLines } from '../audit-command/verify-audits.ts'

export interface VerifiedLedger {
  readonly ok: boolean
  readonly chain: Verification
  readonly costs: z.output<typeof verifyCosts.output>
}

/**
 * The ledger of the tenant that `run` acts in. `saved`: heads that were kept elsewhere; it must be among them, by the
 * tenant's id or, where that is not known before the answer, as the only one.
 */
export async function verifyLedger(
  run: TenantCaller['run'],
  { tenantId, saved }: { readonly tenantId: string | undefined; readonly saved: SavedHeads | undefined },
): Promise<VerifiedLedger> {
  const kept = tenantId === undefined ? onlyOf(saved) : saved?.find(({ audit }) => audit === nameOf(tenantId))
  if (saved !== undefined && kept === undefined) throw noHead(tenantId)
  const head = kept && { chained_as: kept.chained_as, chain_hash: kept.chain_hash }
  const chain = (await run(
    'verify_ledger',
    head === undefined ? {} : { saved_head: head },
  )) as unknown as Verification
  if (kept !== undefined && kept.audit !== chain.audit) throw noHead(tenantId)
  const costs = (await run('verify_costs', {})) as unknown as VerifiedLedger['costs']
  return { ok: chain.ok && costs.ok, chain, costs }
}

/** One line for the chain and one for the amounts, each with one a finding. */
export function verifiedLines({ chain, costs }: VerifiedLedger): string[] {
  return [
    ...verificationLines(chain),
    `${costs.ok ? 'ok     ' : 'BROKEN '} costs and budgets  ${costs.rows} rows computed anew, ${dollars(BigInt(costs.sum_nano))} in all`,
    ...costs.findings.map(({ says, chained_as, id }) => {
      const row = chained_as === null ? (id === null ? '' : `hold ${id}: `) : `row at place ${chained_as}: `
      return `        ${row}${says}`
    }),
    ...(costs.more_findings ? ['        and more'] : []),
  ]
}

/** As the chain of a ledger is called. */
function nameOf(tenantId: string): string {
  return `ledger:${tenantId}`
}

function onlyOf(saved: SavedHeads | undefined): SavedHeads[number] | undefined {
  const ledgers = saved?.filter(({ audit }) => audit.startsWith('ledger:')) ?? []
  return ledgers.length === 1 ? ledgers[0] : undefined
}

function noHead(tenantId: string | undefined): Error {
  const whose = tenantId === undefined ? 'this ledger' : nameOf(tenantId)
  return fault('invalid_input', { reason: 'no_saved_head', say: `The file holds no head of ${whose}.` })
}
