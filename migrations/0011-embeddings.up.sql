-- Which chunks still wait for their vectors, and which model answers searches. A model is filled beside the serving one
-- and takes its place in one transaction; the tables of a retired one go a little later, when no search reads them.

alter table app.embedding_model
  add column state text not null default 'filling' check (state in ('filling', 'serving', 'retired')),
  add column created_at timestamptz not null default now(),
  add column retired_at timestamptz,
  add constraint retired_when check ((state = 'retired') = (retired_at is not null));
update app.embedding_model set state = 'serving';
create unique index one_serving_embedding_model on app.embedding_model (state) where state = 'serving';
create unique index one_filling_embedding_model on app.embedding_model (state) where state = 'filling';

-- A chunk that a model has no vector of yet. Made with the chunk, in its transaction; goes with the vector's arrival,
-- in the vector's. No reference to the model: keys of a tenant's table begin with the tenant, on both sides.
create table app.pending_embedding (
  tenant_id uuid not null,
  model_number int not null,
  chunk_id uuid not null,
  version_id uuid not null,
  -- Times the embedder answered this text with something that is no embedding; from 5 on it is left alone.
  attempts int not null default 0 check (attempts >= 0),
  reason text check (length(reason) <= 200),
  primary key (tenant_id, model_number, chunk_id)
);
create index pending_embedding_of_version on app.pending_embedding (tenant_id, version_id);

alter table app.pending_embedding enable row level security;
alter table app.pending_embedding force row level security;
create policy own_rows on app.pending_embedding
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select, insert, delete on app.pending_embedding to gatehouse_app;
grant update (attempts, reason) on app.pending_embedding to gatehouse_app;

-- How far a tenant's chunks have been made pending for a model that is being filled. The maintainer's alone.
create table app.embedding_fill (
  tenant_id uuid not null,
  model_number int not null,
  -- Chunks up to this one are pending or embedded.
  last_chunk_id uuid,
  done boolean not null default false,
  primary key (tenant_id, model_number)
);
alter table app.embedding_fill enable row level security;
alter table app.embedding_fill force row level security;
create policy own_rows on app.embedding_fill
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select on app.embedding_fill to gatehouse_app;

-- A job can stand for all of its kind of a tenant (singleton_key, group_id). Under a tenant's seal these name that
-- tenant too: otherwise smuggled SQL could take another tenant's place in the queue, or learn that it is taken.
drop policy own_jobs on pgboss.job_common;
create policy own_jobs on pgboss.job_common to gatehouse_app
  using ((select app.is_system()) or data ->> 'tenantId' = (select app.tenant_id())::text)
  with check ((select app.is_system()) or (
    data ->> 'tenantId' = (select app.tenant_id())::text
    and (singleton_key is null or starts_with(singleton_key, (select app.tenant_id())::text))
    and (group_id is null or group_id = (select app.tenant_id())::text)));
