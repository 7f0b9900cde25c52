// The rows of checks. Of those that run there is one at most, over all processes: an index says so.
import { journalText } from '../../../platform/journal/journal-text.ts'
import type { Reader, Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import type { PlannedAttack } from './attacker.ts'
import type { Outcome, Report } from './check-shape.ts'

export interface CheckRow {
  readonly check_id: string
  readonly state: 'running' | 'done' | 'broken'
  readonly stage: 'preparing' | 'attacking' | 'removing' | 'ended'
  readonly say: string | null
  readonly started_by: string
  readonly started_at: Date
  readonly finished_at: Date | null
}

/** Six beats of a running check: see run-check.ts. */
const SILENT_S = 30
const KEPT = 20
const GONE = 'The process that ran it ended before it did.'

/** Taken for gone, whether or not somebody has written that down already. */
const silent = sql`(state = 'running' and seen_at < clock_timestamp() - ${SILENT_S} * interval '1 second')`
const columns = sql`
  id as check_id, started_by, started_at,
  case when ${silent} then 'broken' else state end as state,
  case when ${silent} then 'ended' else stage end as stage,
  case when ${silent} then ${GONE} else say end as say,
  case when ${silent} then seen_at else finished_at end as finished_at`

export interface NewCheck {
  readonly id: string
  readonly startedBy: string
  readonly planned: readonly PlannedAttack[]
}

/** Undefined when one runs already; else the tenants that earlier ones left behind. One that fell silent is ended. */
export async function beginCheck(tx: Writer, check: NewCheck): Promise<string[] | undefined> {
  await tx.run(sql`
    update app.isolation_check set state = 'broken', stage = 'ended', say = ${GONE}, finished_at = clock_timestamp()
    where ${silent}`)
  const begun = await tx.run(sql`
    insert into app.isolation_check (id, started_by, planned)
    values (${check.id}, ${check.startedBy}, ${journalText(check.planned)}::jsonb) on conflict do nothing`)
  if (begun === 0) return undefined
  // Those with tenants to remove stay until that is done.
  await tx.run(sql`
    delete from app.isolation_check where state <> 'running' and left_tenants = '{}' and id not in (
      select id from app.isolation_check order by started_at desc limit ${KEPT})`)
  const left = await tx.all(
    sql<{
      slug: string
    }>`select distinct unnest(left_tenants) as slug from app.isolation_check where id <> ${check.id}`,
  )
  return left.map(({ slug }) => slug)
}

export async function runningCheck(tx: Reader): Promise<CheckRow | undefined> {
  return tx.first(
    sql<CheckRow>`select ${columns} from app.isolation_check where state = 'running' and not ${silent}`,
  )
}

/** The newest that came to its end. */
export async function lastDone(
  tx: Reader,
): Promise<(CheckRow & { readonly report: Report | null }) | undefined> {
  return tx.first(sql<CheckRow & { report: Report | null }>`
    select ${columns}, report from app.isolation_check where state = 'done' order by started_at desc limit 1`)
}

/** The newest that broke, unless one has come to its end since. */
export async function brokenSince(tx: Reader): Promise<CheckRow | undefined> {
  return tx.first(sql<CheckRow>`
    select ${columns} from app.isolation_check broken where (state = 'broken' or ${silent}) and not exists (
      select from app.isolation_check d where d.state = 'done' and d.started_at > broken.started_at)
    order by started_at desc limit 1`)
}

export interface FollowedCheck extends CheckRow {
  readonly planned: readonly PlannedAttack[]
  readonly outcomes: readonly Outcome[]
  readonly report: Report | null
}

export async function checkNamed(tx: Reader, id: string): Promise<FollowedCheck | undefined> {
  return tx.first(sql<FollowedCheck>`
    select ${columns}, planned, outcomes, report from app.isolation_check where id = ${id}`)
}

/** What a running check writes. Each resolves with false when the check is not running any more: somebody ended it. */
export const noted = {
  beat: (tx: Writer, id: string) => changed(tx, id, sql`seen_at = clock_timestamp()`),
  stage: (tx: Writer, id: string, stage: CheckRow['stage']) =>
    changed(tx, id, sql`seen_at = clock_timestamp(), stage = ${stage}`),
  tenant: (tx: Writer, id: string, slug: string) =>
    changed(tx, id, sql`seen_at = clock_timestamp(), left_tenants = left_tenants || ${slug}::text`),
  outcome: (tx: Writer, id: string, outcome: Outcome) =>
    changed(
      tx,
      id,
      sql`seen_at = clock_timestamp(), outcomes = outcomes || ${journalText([outcome])}::jsonb`,
    ),
  done: (tx: Writer, id: string, report: Report) =>
    changed(
      tx,
      id,
      sql`state = 'done', stage = 'ended', finished_at = clock_timestamp(), report = ${journalText(report)}::jsonb`,
    ),
  broken: (tx: Writer, id: string, say: string) =>
    changed(
      tx,
      id,
      sql`state = 'broken', stage = 'ended', finished_at = clock_timestamp(), say = ${journalText(say)}::jsonb #>> '{}'`,
    ),
}

async function changed(tx: Writer, id: string, change: ReturnType<typeof sql>): Promise<boolean> {
  const touched = await tx.run(
    sql`update app.isolation_check set ${change} where id = ${id} and state = 'running'`,
  )
  return touched === 1
}

/** The tenants of ended checks are gone, whichever of them made it. */
export async function forgetTenants(tx: Writer, slugs: readonly string[]): Promise<void> {
  await tx.run(sql`
    update app.isolation_check set left_tenants = array(
      select slug from unnest(left_tenants) as slug where slug <> all (${[...slugs]}::text[]))
    where left_tenants && ${[...slugs]}::text[]`)
}
