-- The chain of the audit. The chainer gives each row its place (`chained_as`, from 1 without a gap) and a hash over the
-- row and the hash before it; the head says how far a chain has come, so that rows cut off at its end are missed.
-- Only the owner writes here; the application reads its own head and verifies.

create table app.audit_head (
  tenant_id uuid not null,
  chained_as bigint not null check (chained_as >= 0),
  chain_hash bytea not null check (length(chain_hash) = 32),
  at timestamptz not null default now(),
  primary key (tenant_id)
);
alter table app.audit_head enable row level security;
alter table app.audit_head force row level security;
create policy own_rows on app.audit_head
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select on app.audit_head to gatehouse_app;

create unique index audit_chain on app.audit (tenant_id, chained_as) where chained_as is not null;
create index audit_unchained on app.audit (tenant_id, sequence) where chained_as is null;

-- One row: the chain of what operators did.
create table app.deployment_audit_head (
  is_single boolean primary key default true check (is_single),
  chained_as bigint not null check (chained_as >= 0),
  chain_hash bytea not null check (length(chain_hash) = 32),
  at timestamptz not null default now()
);
alter table app.deployment_audit_head enable row level security;
alter table app.deployment_audit_head force row level security;
create policy operators on app.deployment_audit_head
  using ((select app.is_system())) with check ((select app.is_system()));
create policy owner_registry on app.deployment_audit_head to gatehouse_owner using (true) with check (true);
grant select on app.deployment_audit_head to gatehouse_app;

create policy owner_registry on app.deployment_audit to gatehouse_owner using (true) with check (true);
create unique index deployment_audit_chain on app.deployment_audit (chained_as) where chained_as is not null;
create index deployment_audit_unchained on app.deployment_audit (sequence) where chained_as is null;
