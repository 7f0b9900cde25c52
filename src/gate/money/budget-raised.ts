// Whoever gives a tenant more room says so here, in the same transaction: what was put off for want of money goes on as
// soon as that transaction has committed.
import type { Writer } from '../../platform/db/database.ts'
import { queue } from '../../platform/jobs/queue.ts'
import { sendJob } from '../../platform/jobs/send-job.ts'

/** Wakes what a tenant has waiting for money. */
export const budgetRaised = queue('budget_raised')

/** To be called wherever a limit, a tier, a grant or a price may have made room. One job waits for each tenant. */
export async function orderBudgetRaised(tx: Writer, tenantId: string): Promise<void> {
  await sendJob(tx, budgetRaised, { tenantId }, { singleton: true })
}
