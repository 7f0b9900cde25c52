-- Bytes of any size: a blob, and its bytes in parts of at most 1 MiB. Parts are laid end to end and never change.

create table app.blob (
  tenant_id uuid not null,
  id uuid not null,
  -- The sum of its parts; the next part starts here.
  received bigint not null default 0 check (received >= 0),
  -- Both are there once the blob is complete: then it takes no more bytes.
  sha256 bytea check (octet_length(sha256) = 32),
  completed_at timestamptz,
  -- Whether something uses it. What nobody keeps is swept after a day.
  kept boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  check ((sha256 is null) = (completed_at is null)),
  check (not kept or completed_at is not null)
);
create index blob_unkept on app.blob (tenant_id, created_at) where not kept;

create table app.blob_part (
  tenant_id uuid not null,
  blob_id uuid not null,
  start_at bigint not null check (start_at >= 0),
  data bytea not null check (octet_length(data) between 1 and 1048576),
  primary key (tenant_id, blob_id, start_at),
  foreign key (tenant_id, blob_id) references app.blob (tenant_id, id) on delete cascade
);
-- Files come compressed or hardly shrink: Postgres need not try.
alter table app.blob_part alter column data set storage external;

alter table app.blob enable row level security;
alter table app.blob force row level security;
create policy own_rows on app.blob
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select, insert (tenant_id, id), update (received, sha256, completed_at, kept), delete on app.blob to gatehouse_app;

-- Parts go with their blob, by the cascade: the application deletes none by itself.
alter table app.blob_part enable row level security;
alter table app.blob_part force row level security;
create policy own_rows on app.blob_part
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select, insert on app.blob_part to gatehouse_app;
