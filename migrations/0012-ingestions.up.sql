-- Files on their way in. An ingestion is the run of one file: its events lie in the journal under its id.

create table app.ingestion (
  tenant_id uuid not null,
  id uuid not null,
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
  -- Who brought it, and acts in the background.
  subject text not null,
  -- Where the bytes are: an uploaded blob, or a web address that is fetched into one; one of the two.
  blob_id uuid,
  url text check (length(url) <= 2000),
  -- The version it will become; younger versions replace older ones, never the other way round.
  version_id uuid not null,
  -- Set from the start when a known document is to be updated, otherwise when it is published.
  document_id uuid,
  -- What the caller asked for. A field that is not given keeps what the document has.
  request jsonb not null,
  outcome text check (outcome in ('added', 'updated', 'unchanged', 'superseded')),
  -- code, reason and say of the fault it ended with.
  fault jsonb,
  -- The ingestion that took a failed one up again.
  retried_as uuid,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (tenant_id, id)
);
create index ingestion_by_state on app.ingestion (tenant_id, state, id);

alter table app.ingestion enable row level security;
alter table app.ingestion force row level security;
create policy own_rows on app.ingestion
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
create index ingestion_of_document on app.ingestion (tenant_id, document_id);
create index ingestion_of_blob on app.ingestion (tenant_id, blob_id);
grant select, insert, delete on app.ingestion to gatehouse_app;
grant update (state, blob_id, document_id, request, outcome, fault, finished_at, retried_as) on app.ingestion to gatehouse_app;
