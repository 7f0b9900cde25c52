-- How often what a tenant's searches can answer has changed. A cached answer is served while this number is the one it
-- was found under, so no process ever serves what another one has withdrawn. No row is version 0.

create table app.index_version (
  tenant_id uuid not null,
  version bigint not null check (version > 0),
  primary key (tenant_id)
);
alter table app.index_version enable row level security;
alter table app.index_version force row level security;
create policy own_rows on app.index_version
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select, insert, update on app.index_version to gatehouse_app;

-- Runs with the caller's rights, under its policies.
create function app.raise_index_version() returns trigger
language plpgsql security invoker set search_path = pg_catalog, pg_temp as $$
begin
  insert into app.index_version as i (tenant_id, version)
  values (case tg_op when 'DELETE' then old.tenant_id else new.tenant_id end, 1)
  on conflict (tenant_id) do update set version = i.version + 1;
  return null;
end $$;
revoke all on function app.raise_index_version() from public;

-- Whatever becomes visible, changes or goes, touches the document's row in its transaction: a version's text, title,
-- language, labels, collection, metadata. Vectors that arrive later do not: answers are kept for seconds only.
-- Deferred to the commit: the tenant's one row is the last lock a writer takes, and held for the commit alone. So
-- writers do not wait for each other's work, and none of them holds it while it waits for something else.
-- Under a tenant's seal only: erasing a tenant must not bring its row back, and neither a migration nor an operator
-- who works by hand has a tenant; what they change is seen when the cached answers are too old. A document is not
-- committed any more once its tenant is being removed: the policy asks again.
create constraint trigger index_version after insert or update or delete on app.document
  deferrable initially deferred for each row
  when (split_part(current_setting('app.seal', true), '.', 3) = 'tenant')
  execute function app.raise_index_version();
