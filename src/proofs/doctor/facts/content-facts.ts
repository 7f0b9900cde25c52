// What is in the database: keys, tenants, jobs, the open end of the audit. Read as the application reads, under seals.
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database } from '../../../platform/db/database.ts'
import type { Engine } from '../../../platform/db/engine/engine.ts'
import { onWire, sql } from '../../../platform/db/statements.ts'
import type { ContentFacts, JobFacts, KeyFact } from './facts.ts'

/** Enough to find that the chainer stands still; more would make doctor slow. */
const TENANTS_LOOKED_INTO = 100

export interface ContentPlaces {
  readonly database: Database
  /** Where jobs are claimed; undefined without that login. */
  readonly worker: Engine | undefined
  readonly dataDir: string
}

export async function contentFacts({ database, worker, dataDir }: ContentPlaces): Promise<ContentFacts> {
  const keys = await database.system('manage_keys', tx =>
    tx.all(sql<{ kid: string; status: string; createdAt: Date }>`
      select kid, status, created_at as "createdAt" from app.signing_key`),
  )
  const tenants = await database.system('manage_tenants', tx =>
    tx.all(sql<{ id: string; slug: string; status: string; since: Date }>`
      select id, slug, status, changed_at as since from app.tenant order by id`),
  )
  const model = await database.system('read_models', tx =>
    tx.first(sql<{ name: string }>`select name from app.embedding_model where state = 'serving'`),
  )
  return {
    keys: await Promise.all(keys.map(key => withPlace(key, dataDir))),
    tenants,
    servingModel: model?.name,
    jobs: worker === undefined ? undefined : await jobFacts(worker),
    openAuditSeconds: await openAudit(database, tenants),
  }
}

export async function withPlace(key: Omit<KeyFact, 'isHere'>, dataDir: string): Promise<KeyFact> {
  const isHere = await access(join(dataDir, 'keys', 'signing', `${key.kid}.json`)).then(
    () => true,
    () => false,
  )
  return { ...key, isHere }
}

async function jobFacts(worker: Engine): Promise<JobFacts> {
  const session = await worker.acquire()
  try {
    const { rows } = await session.send(
      onWire(sql`
        select count(*) filter (where name = 'dead_letter')::int as dead,
          coalesce(extract(epoch from now() - min(start_after) filter (where name <> 'dead_letter' and start_after < now())), 0)::float8 as waited
        from pgboss.job where state in ('created', 'retry')`),
    )
    return { dead: Number(rows[0]?.['dead'] ?? 0), oldestSeconds: Number(rows[0]?.['waited'] ?? 0) }
  } finally {
    session.release()
  }
}

async function openAudit(
  database: Database,
  tenants: readonly { readonly id: string; readonly status: string }[],
): Promise<number> {
  const deployment = await database.system('record_audit', tx =>
    tx.first(sql<{ seconds: number }>`
      select coalesce(extract(epoch from clock_timestamp() - min(at)), 0)::float8 as seconds
      from app.deployment_audit where chained_as is null`),
  )
  const seconds = [deployment?.seconds ?? 0]
  const active = tenants.filter(({ status }) => status === 'active').slice(0, TENANTS_LOOKED_INTO)
  for (const { id } of active) {
    const row = await database.readAs({ tenantId: id, subject: 'gatehouse:doctor', reads: 'all' }, tx =>
      tx.first(sql<{ seconds: number }>`
        select coalesce(extract(epoch from clock_timestamp() - min(at)), 0)::float8 as seconds
        from app.audit where tenant_id = ${id} and chained_as is null`),
    )
    seconds.push(row?.seconds ?? 0)
  }
  return Math.max(...seconds)
}
