// Begins to fill a model: its table, its row in the catalog and the jobs that fill it come in one transaction, so that a
// kill leaves all of it or nothing.
import type { OwnerDatabase, Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { sendJob } from '../../../platform/jobs/send-job.ts'
import { vectorTable } from '../../../platform/models/vector-table.ts'
import { fillModel, NO_TENANT, switchModel } from '../embedding-queues.ts'

interface KnownModel {
  readonly number: number
  readonly name: string
  readonly dimension: number
  readonly state: 'filling' | 'serving' | 'retired'
}

export interface RegisteredModel {
  readonly name: string
  readonly dimension: number
  readonly state: 'filling' | 'serving'
  /** False when it was there already. */
  readonly isNew: boolean
}

/**
 * The model as it stands already, if it serves or is being filled (then the jobs are sent once more). `conflict` while
 * another is being filled, or while the tables that a model of this name has left are still there.
 */
export async function knownModel(owner: OwnerDatabase, name: string): Promise<RegisteredModel | undefined> {
  return owner.transaction(tx => findKnown(tx, name))
}

/** Registers the model and orders its filling. As `knownModel` where it is known. */
export async function registerModel(
  owner: OwnerDatabase,
  { name, dimension }: { readonly name: string; readonly dimension: number },
): Promise<RegisteredModel> {
  return owner.transaction(async tx => {
    // Of two that are asked for at once, the second finds the first.
    await tx.run(sql`select pg_advisory_xact_lock(7474012)`)
    const known = await findKnown(tx, name)
    if (known !== undefined) return known
    const row = await tx.first(
      sql<{ next: number }>`select coalesce(max(number), 0) + 1 as next from app.embedding_model`,
    )
    const number = row?.next ?? 1
    await createVectorTable(tx, number, dimension)
    await tx.run(sql`
      insert into app.embedding_model (number, name, dimension, state) values (${number}, ${name}, ${dimension}, 'filling')`)
    await sendJobs(tx)
    return { name, dimension, state: 'filling', isNew: true }
  })
}

async function findKnown(tx: Writer, name: string): Promise<RegisteredModel | undefined> {
  const models = await tx.all(sql<KnownModel>`select number, name, dimension, state from app.embedding_model`)
  const same = models.find(model => model.name === name)
  if (same?.state === 'retired') {
    throw fault('conflict', {
      reason: 'model_retired',
      say: `The tables that ${name} left are still being dropped: try again in a minute.`,
    })
  }
  const filling = models.find(({ state }) => state === 'filling')
  if (filling !== undefined && filling !== same) {
    throw fault('conflict', {
      reason: 'model_filling',
      say: `${filling.name} is being filled: wait until it serves (get_embedding_status shows how far it is).`,
    })
  }
  if (same === undefined) return undefined
  if (same.state === 'filling') await sendJobs(tx)
  return {
    name,
    dimension: same.dimension,
    state: same.state === 'serving' ? 'serving' : 'filling',
    isNew: false,
  }
}

async function sendJobs(tx: Writer): Promise<void> {
  const tenants = await tx.all(
    sql<{ id: string }>`select id from app.tenant where status <> 'removing' order by id`,
  )
  for (const { id } of tenants) await sendJob(tx, fillModel, { tenantId: id }, { singleton: true })
  await sendJob(tx, switchModel, { tenantId: NO_TENANT }, { singleton: true })
}

/** As the first model's table (migrations 0006, 0010, 0016 and 0019), but for the dimension. */
async function createVectorTable(tx: Writer, number: number, dimension: number): Promise<void> {
  if (!Number.isInteger(dimension) || dimension < 1 || dimension > 4_000)
    throw fault('unsupported', { say: `Vectors of ${dimension} numbers cannot be searched; at most 4000.` })
  const table = sql.raw(vectorTable(number))
  const index = sql.raw(`vector_${number}_of_version`)
  await tx.run(sql`
    create table ${table} (
      tenant_id uuid not null, chunk_id uuid not null, version_id uuid not null,
      embedding halfvec(${sql.raw(String(dimension))}) not null,
      primary key (tenant_id, chunk_id)
    ) partition by list (tenant_id)`)
  await tx.run(sql`create index ${index} on ${table} (tenant_id, version_id)`)
  await tx.run(sql`alter table ${table} alter column embedding set storage plain`)
  await tx.run(sql`alter table ${table} enable row level security`)
  await tx.run(sql`alter table ${table} force row level security`)
  await tx.run(sql`
    create policy own_rows on ${table} to gatehouse_app
      using (tenant_id = (select app.tenant_id())
        and case when (select app.reads_few()) then version_id in (select app.readable_versions())
          else version_id not in (select app.closed_versions()) end)
      with check (tenant_id = (select app.tenant_id()))`)
  await tx.run(sql`
    create policy owner_by_tenant on ${table} to gatehouse_owner
      using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()))`)
  await tx.run(sql`grant select, insert, delete on ${table} to gatehouse_app`)
}
