// What should be on its way: signing keys that are replaced, tenants that become usable, jobs that run, audit rows that
// are chained.
import { fine, odd, wrong, type Finding } from '../finding.ts'
import type { ContentFacts, Facts, KeyFact, TenantFact } from '../facts/facts.ts'

const DAY_MS = 86_400_000
const KEY_DAYS = 90
/** A tenant is made within seconds and erased within minutes. */
const STUCK_MS: Readonly<Record<string, number>> = { provisioning: 600_000, removing: 3_600_000 }
const SUSPENDED_MS = 90 * DAY_MS
const WAITING_SECONDS = 300
const OPEN_AUDIT_SECONDS = 60

export function workChecks({ database, now }: Facts): Finding[] {
  const registry = 'unseen' in database ? database.registry : database.content
  const content = 'unseen' in database ? undefined : database.content
  return [
    ...(registry === undefined
      ? []
      : [...keyChecks(registry.keys, now), ...tenantChecks(registry.tenants, now)]),
    ...(content === undefined ? [] : [...jobChecks(content), auditCheck(content)]),
  ]
}

function auditCheck({ openAuditSeconds }: ContentFacts): Finding {
  if (openAuditSeconds <= OPEN_AUDIT_SECONDS)
    return fine('audit', 'every row older than a minute is in its chain')
  const seen = `Rows of the audit have waited ${Math.round(openAuditSeconds)} s for their place in the chain.`
  return odd('audit', seen, 'Let a process with the role "all" or "worker" run, and look into its log.')
}

function keyChecks(keys: readonly KeyFact[], now: Date): Finding[] {
  const active = keys.find(({ status }) => status === 'active')
  if (active === undefined)
    return [wrong('signing-key', 'There is no key that signs tokens.', 'Run: gatehouse key rotate')]
  const days = Math.floor((now.getTime() - active.createdAt.getTime()) / DAY_MS)
  return [
    days <= KEY_DAYS
      ? fine('signing-key', `made ${days} days ago`)
      : odd(
          'signing-key',
          `The key that signs tokens is ${days} days old.`,
          'Run: gatehouse key rotate (tokens stay valid).',
        ),
    active.isHere
      ? fine('private-key', 'the private half is in this data folder')
      : odd(
          'private-key',
          `The private half of ${active.kid} is not in this data folder: no token can be signed here.`,
          'Sign tokens where the key was made, or run: gatehouse key rotate',
        ),
  ]
}

function tenantChecks(tenants: readonly TenantFact[], now: Date): Finding[] {
  const age = ({ since }: TenantFact): number => now.getTime() - since.getTime()
  const stuck = tenants.filter(tenant => age(tenant) > (STUCK_MS[tenant.status] ?? Number.POSITIVE_INFINITY))
  const forgotten = tenants.filter(tenant => tenant.status === 'suspended' && age(tenant) > SUSPENDED_MS)
  const named = (some: readonly TenantFact[]): string =>
    some
      .slice(0, 5)
      .map(({ slug, status }) => `${slug} (${status})`)
      .join(', ')
  return [
    stuck.length === 0
      ? fine('tenants', `${tenants.length} tenants, none stuck`)
      : wrong(
          'tenants',
          `Stuck on their way: ${named(stuck)}.`,
          'Let a process with the role "all" or "worker" and DATABASE_OWNER_URL run, and look into its log.',
        ),
    ...(forgotten.length === 0
      ? []
      : [
          odd(
            'tenants-suspended',
            `Suspended for more than 90 days: ${named(forgotten)}.`,
            'Resume them, or remove them: gatehouse tenant delete',
          ),
        ]),
  ]
}

function jobChecks({ jobs }: ContentFacts): Finding[] {
  if (jobs === undefined) return [fine('jobs', 'not looked at: that needs DATABASE_WORKER_URL')]
  const { dead, oldestSeconds } = jobs
  return [
    dead === 0
      ? fine('dead-letters', 'none')
      : odd(
          'dead-letters',
          `${dead} jobs were given up.`,
          'Look into the log for why; then: gatehouse embeddings retry, or ingest the failed files again.',
        ),
    oldestSeconds <= WAITING_SECONDS
      ? fine('jobs', `the oldest waits ${Math.round(oldestSeconds)} s`)
      : odd(
          'jobs',
          `A job that could run has waited ${Math.round(oldestSeconds)} s.`,
          'Let a process with the role "all" or "worker" run, or more of them.',
        ),
  ]
}
