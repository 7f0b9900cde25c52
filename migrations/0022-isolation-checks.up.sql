-- The attack sweeps that operators start from the page: one at a time over all processes, each kept with its report.
create table app.isolation_check (
  id uuid primary key,
  started_by text not null,
  started_at timestamptz not null default clock_timestamp(),
  -- When the process that runs it was last heard of; one that is silent for long is taken for gone.
  seen_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  state text not null default 'running' check (state in ('running', 'done', 'broken')),
  stage text not null default 'preparing' check (stage in ('preparing', 'attacking', 'removing', 'ended')),
  -- Why it broke, for a person.
  say text,
  -- What is to be tried: [{id, title, group}]; and what came of it so far, in this order.
  planned jsonb not null,
  outcomes jsonb not null default '[]',
  report jsonb,
  -- Throw-away tenants that are not known to be removed again: the next check removes them.
  left_tenants text[] not null default '{}',
  check ((state = 'running') = (finished_at is null))
);
create unique index one_isolation_check on app.isolation_check ((true)) where state = 'running';
create index isolation_check_by_start on app.isolation_check (started_at desc);

alter table app.isolation_check enable row level security;
alter table app.isolation_check force row level security;
create policy operators on app.isolation_check using ((select app.is_system())) with check ((select app.is_system()));
grant select, insert (id, started_by, planned), delete on app.isolation_check to gatehouse_app;
grant update (seen_at, finished_at, state, stage, say, outcomes, report, left_tenants) on app.isolation_check to gatehouse_app;

-- How long the queues are. Under a tenant's seal the policy still shows that tenant's own jobs alone, and no payload.
grant select (name, state, source_name) on pgboss.job_common to gatehouse_app;
-- When a worker last looked after the queues.
grant select (monitor_on) on pgboss.queue to gatehouse_app;
