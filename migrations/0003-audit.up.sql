-- Who did what to what, and how it ended. Insert-only for the application: it has no right to update or delete.
-- `chained_as` and `chain_hash` stay empty until the chainer has linked the row; `sequence` is the order of arrival.

create table app.audit (
  tenant_id uuid not null,
  id uuid not null,
  sequence bigint not null generated always as identity,
  at timestamptz not null default clock_timestamp(),
  subject text not null,
  token_id text,
  operation text not null,
  object text,
  outcome text not null check (outcome in ('ok', 'refused', 'failed')),
  fault text,
  request_id text not null,
  trace_id text not null,
  chained_as bigint,
  chain_hash bytea,
  primary key (tenant_id, id)
);
create index audit_in_order on app.audit (tenant_id, sequence);

alter table app.audit enable row level security;
alter table app.audit force row level security;
create policy own_rows on app.audit
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select on app.audit to gatehouse_app;
-- Not the order, the time and the chain: those are the database's and the chainer's to say.
grant insert (tenant_id, id, subject, token_id, operation, object, outcome, fault, request_id, trace_id)
  on app.audit to gatehouse_app;

-- The same for operations on the deployment itself; they outlive every tenant.
create table app.deployment_audit (
  id uuid primary key,
  sequence bigint not null generated always as identity,
  at timestamptz not null default clock_timestamp(),
  subject text not null,
  operation text not null,
  object text,
  outcome text not null check (outcome in ('ok', 'refused', 'failed')),
  fault text,
  request_id text not null,
  trace_id text not null,
  chained_as bigint,
  chain_hash bytea
);

alter table app.deployment_audit enable row level security;
alter table app.deployment_audit force row level security;
create policy operators on app.deployment_audit
  using ((select app.is_system())) with check ((select app.is_system()));
grant select on app.deployment_audit to gatehouse_app;
grant insert (id, subject, operation, object, outcome, fault, request_id, trace_id)
  on app.deployment_audit to gatehouse_app;
