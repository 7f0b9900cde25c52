-- The journal of a run: what happened, in order (events), and what its steps gave (so that none is done twice).

create table app.journal_stream (
  tenant_id uuid not null,
  id uuid not null,
  -- Raised by whoever takes the run over: writes of an older holder then find no row.
  epoch int not null default 0 check (epoch >= 0),
  -- Of the newest event. Raised in the transaction that writes it, so that a reader never sees a gap.
  last_sequence bigint not null default 0 check (last_sequence >= 0),
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);

create table app.journal_event (
  tenant_id uuid not null,
  stream_id uuid not null,
  sequence bigint not null check (sequence > 0),
  at timestamptz not null default clock_timestamp(),
  kind text not null check (length(kind) between 1 and 100),
  data jsonb not null,
  primary key (tenant_id, stream_id, sequence),
  foreign key (tenant_id, stream_id) references app.journal_stream (tenant_id, id) on delete cascade
);

create table app.journal_step (
  tenant_id uuid not null,
  stream_id uuid not null,
  name text not null check (length(name) between 1 and 500),
  -- Of the run that did it.
  epoch int not null check (epoch > 0),
  output jsonb not null,
  at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, stream_id, name),
  foreign key (tenant_id, stream_id) references app.journal_stream (tenant_id, id) on delete cascade
);

alter table app.journal_stream enable row level security;
alter table app.journal_stream force row level security;
create policy own_rows on app.journal_stream
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select, insert (tenant_id, id), update (epoch, last_sequence), delete on app.journal_stream to gatehouse_app;

-- What is written stays as it is until the whole stream goes. The time is the database's to say.
alter table app.journal_event enable row level security;
alter table app.journal_event force row level security;
create policy own_rows on app.journal_event
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select, insert (tenant_id, stream_id, sequence, kind, data) on app.journal_event to gatehouse_app;

alter table app.journal_step enable row level security;
alter table app.journal_step force row level security;
create policy own_rows on app.journal_step
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select, insert (tenant_id, stream_id, name, epoch, output) on app.journal_step to gatehouse_app;
