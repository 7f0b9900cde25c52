-- Documents, their versions, and the chunks of the current version.

create table app.document (
  tenant_id uuid not null,
  id uuid not null,
  -- The caller's own key for the document; unique within the tenant.
  external_id text check (length(external_id) between 1 and 500),
  title text not null check (length(title) between 1 and 500),
  format text not null check (format in ('text', 'markdown')),
  labels text[] not null default '{}',
  current_version int not null check (current_version > 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, external_id)
);
-- Newest first is the primary key read backwards: ids are UUIDs of version 7.

-- A version keeps the whole text, so that a citation (document, version, start, end) opens for ever.
create table app.document_version (
  tenant_id uuid not null,
  document_id uuid not null,
  version int not null check (version > 0),
  content text not null,
  content_hash bytea not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, document_id, version),
  foreign key (tenant_id, document_id) references app.document (tenant_id, id) on delete cascade
);

-- A chunk is content[start_at, end_at) of its version, in UTF-16 code units as the application counts them.
-- Partitioned by tenant: provisioning attaches a partition, removal drops it.
create table app.chunk (
  tenant_id uuid not null,
  id uuid not null,
  document_id uuid not null,
  version int not null,
  ordinal int not null check (ordinal >= 0),
  start_at int not null check (start_at >= 0),
  end_at int not null check (end_at > start_at),
  heading text not null default '',
  content text not null,
  -- Words of title, headings and text together, as BM25 counts them.
  length int not null check (length >= 0),
  primary key (tenant_id, id),
  unique (tenant_id, document_id, ordinal)
) partition by list (tenant_id);

-- On each of the three tables: a row of another tenant can be neither seen nor written.
alter table app.document enable row level security;
alter table app.document force row level security;
create policy own_rows on app.document
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select, insert, update, delete on app.document to gatehouse_app;

alter table app.document_version enable row level security;
alter table app.document_version force row level security;
create policy own_rows on app.document_version
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select, insert, delete on app.document_version to gatehouse_app;

alter table app.chunk enable row level security;
alter table app.chunk force row level security;
create policy own_rows on app.chunk
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select, insert, delete on app.chunk to gatehouse_app;
