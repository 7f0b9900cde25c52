// What keeps money right by itself, in every process with the owner's login: expired holds are ended, windows are
// compared with the ledger, alerts are told.
import type { OwnerDatabase } from '../../../platform/db/database.ts'
import type { JobWorkers } from '../../../platform/jobs/job-workers.ts'
import type { PostPublic } from '../../../platform/outbound/public/post-public.ts'
import type { Logger } from '../../../platform/telemetry/logger.ts'
import { testWebhookQueue } from '../alerts/alert-queues.ts'
import { deliverAlerts } from '../alerts/delivery/deliver-alerts.ts'
import { testPost } from '../alerts/delivery/test-post.ts'
import { endExpiredHolds } from './end-expired-holds.ts'
import { reconciler } from './reconcile-all.ts'
import { repeating, type Repeating } from '../../../platform/jobs/repeating.ts'

const HOLDS_EVERY_MS = 3_000
const ALERTS_EVERY_MS = 2_000
const RECONCILE_EVERY_MS = 60_000

export interface UpkeepDeps {
  readonly owner: OwnerDatabase
  readonly workers: JobWorkers
  readonly poster: Pick<PostPublic, 'post'>
  readonly log: Logger
}

export async function startUpkeep({ owner, workers, poster, log }: UpkeepDeps): Promise<Repeating> {
  await workers.work(testWebhookQueue, (payload, { signal }) => testPost({ owner, poster }, payload, signal))
  const reconcile = reconciler({ owner, log })
  const failed = (what: string) => (error: unknown) => log.warn({ err: error }, `${what}; it is tried again`)
  const running = [
    repeating(
      HOLDS_EVERY_MS,
      () => endExpiredHolds({ owner, log }),
      failed('expired holds could not be ended'),
    ),
    repeating(
      ALERTS_EVERY_MS,
      signal => deliverAlerts({ owner, poster, log }, signal),
      failed('alerts could not be told'),
    ),
    repeating(RECONCILE_EVERY_MS, reconcile, failed('budgets could not be reconciled')),
  ]
  return { stop: async () => void (await Promise.all(running.map(one => one.stop()))) }
}
