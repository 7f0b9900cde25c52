-- What agents are asked to do. A task is a run: its events and steps lie in the journal under its id, which also says
-- who holds it (epoch). Messages that wait for it, and what it made, lie here.

-- Tasks that belong together, for one user.
create table app.task_context (
  tenant_id uuid not null,
  id uuid not null,
  subject text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);

create table app.task (
  tenant_id uuid not null,
  id uuid not null,
  context_id uuid not null,
  -- Whose it is. What it does, it does as this user, within these scopes and no more than the user has by then.
  subject text not null,
  scopes text[] not null,
  -- The credential it came with: revoking it ends the task, its end does not. The user's beginning, in seconds since
  -- 1970: an id that was given again since is somebody else's.
  token_id text not null,
  accepted_as bigint not null default floor(extract(epoch from now()))::bigint,
  workflow text not null check (length(workflow) between 1 and 100),
  -- What the workflow was asked, as its own schema has it.
  input jsonb not null,
  label text check (length(label) <= 200),
  state text not null default 'submitted' check (state in
    ('submitted', 'working', 'input_required', 'auth_required', 'completed', 'failed', 'canceled', 'rejected')),
  -- For the caller: what it does, asks or why it ended; the reason is for programs.
  say text,
  reason text,
  facts jsonb,
  status_at timestamptz not null default clock_timestamp(),
  -- While it waits: for an answer or for money.
  waiting_for text check (waiting_for in ('answer', 'budget')),
  -- Runs begun since its last step was done.
  attempt int not null default 0 check (attempt >= 0),
  -- Times it was put off since then, because a service it needs was away.
  put_off int not null default 0 check (put_off >= 0),
  -- Its end in time; while it waits for somebody it has none, and this much is left.
  deadline_at timestamptz,
  left_ms bigint not null check (left_ms >= 0),
  -- Of whoever asked, so that what happens later is found with it.
  traceparent text,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, context_id) references app.task_context (tenant_id, id)
);
create index task_by_status on app.task (tenant_id, subject, status_at desc, id desc);
create index task_of_context on app.task (tenant_id, context_id, status_at desc, id desc);
create index task_unfinished on app.task (tenant_id, subject) where finished_at is null;
create index task_finished on app.task (tenant_id, finished_at) where finished_at is not null;
create index task_waiting on app.task (tenant_id, waiting_for) where waiting_for is not null;

-- What was said, by the user and by the agent. A message of the user waits until a run has taken it.
create table app.task_message (
  tenant_id uuid not null,
  task_id uuid not null,
  ordinal int not null check (ordinal > 0),
  message_id text not null check (length(message_id) between 1 and 200),
  role text not null check (role in ('user', 'agent')),
  parts jsonb not null,
  metadata jsonb,
  at timestamptz not null default clock_timestamp(),
  -- The step that took it.
  taken_by text,
  primary key (tenant_id, task_id, ordinal),
  foreign key (tenant_id, task_id) references app.task (tenant_id, id) on delete cascade
);

-- What it made. Text arrives in pieces, which are only ever added; a step that is done again begins its artifact anew.
create table app.task_artifact (
  tenant_id uuid not null,
  task_id uuid not null,
  id text not null check (length(id) between 1 and 200),
  ordinal int not null check (ordinal > 0),
  name text not null,
  description text,
  metadata jsonb,
  primary key (tenant_id, task_id, id),
  foreign key (tenant_id, task_id) references app.task (tenant_id, id) on delete cascade
);
create table app.task_artifact_part (
  tenant_id uuid not null,
  task_id uuid not null,
  artifact_id text not null,
  ordinal int not null check (ordinal > 0),
  part jsonb not null,
  primary key (tenant_id, task_id, artifact_id, ordinal),
  foreign key (tenant_id, task_id, artifact_id) references app.task_artifact (tenant_id, task_id, id) on delete cascade
);

-- Sent twice, it is one task: by the message's id, or by the key that came with the request.
create table app.task_request (
  tenant_id uuid not null,
  subject text not null,
  key text not null check (length(key) between 1 and 300),
  request_hash bytea not null,
  task_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, subject, key),
  -- Said first, so that of two that come at once the second waits here and then finds the first one's task.
  foreign key (tenant_id, task_id) references app.task (tenant_id, id) on delete cascade deferrable initially deferred
);

create index task_request_of_task on app.task_request (tenant_id, task_id);

-- A task that has ended stays as it is, whoever writes.
create function app.keep_ended_task() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if old.state in ('completed', 'failed', 'canceled', 'rejected') then
    raise exception 'task % has ended' , old.id using errcode = '55000';
  end if;
  return new;
end $$;
revoke all on function app.keep_ended_task() from public;
create trigger keep_ended before update on app.task for each row execute function app.keep_ended_task();

-- The tenant's rows, and of those the user's own; what runs for the deployment (gatehouse:…) finds them all. What belongs
-- to a task is seen with it.
alter table app.task_context enable row level security;
alter table app.task_context force row level security;
create policy own_rows on app.task_context
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
create policy own_subject on app.task_context as restrictive to gatehouse_app
  using (subject = (select app.subject()) or starts_with((select app.subject()), 'gatehouse:'))
  with check (subject = (select app.subject()) or starts_with((select app.subject()), 'gatehouse:'));
grant select, insert (tenant_id, id, subject), delete on app.task_context to gatehouse_app;

alter table app.task enable row level security;
alter table app.task force row level security;
create policy own_rows on app.task
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
create policy own_subject on app.task as restrictive to gatehouse_app
  using (subject = (select app.subject()) or starts_with((select app.subject()), 'gatehouse:'))
  with check (subject = (select app.subject()) or starts_with((select app.subject()), 'gatehouse:'));
grant select, insert (tenant_id, id, context_id, subject, scopes, token_id, workflow, input, label, state, say, reason, facts,
  waiting_for, deadline_at, left_ms, traceparent, finished_at), delete on app.task to gatehouse_app;
grant update (state, say, reason, facts, status_at, waiting_for, attempt, put_off, deadline_at, left_ms, finished_at)
  on app.task to gatehouse_app;

alter table app.task_message enable row level security;
alter table app.task_message force row level security;
create policy own_rows on app.task_message
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
create policy of_own_task on app.task_message as restrictive to gatehouse_app
  using (exists (select from app.task t where t.tenant_id = task_message.tenant_id and t.id = task_message.task_id))
  with check (exists (select from app.task t where t.tenant_id = task_message.tenant_id and t.id = task_message.task_id));
grant select, insert (tenant_id, task_id, ordinal, message_id, role, parts, metadata) on app.task_message to gatehouse_app;
grant update (taken_by) on app.task_message to gatehouse_app;

alter table app.task_artifact enable row level security;
alter table app.task_artifact force row level security;
create policy own_rows on app.task_artifact
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
create policy of_own_task on app.task_artifact as restrictive to gatehouse_app
  using (exists (select from app.task t where t.tenant_id = task_artifact.tenant_id and t.id = task_artifact.task_id))
  with check (exists (select from app.task t where t.tenant_id = task_artifact.tenant_id and t.id = task_artifact.task_id));
grant select, insert, delete on app.task_artifact to gatehouse_app;

alter table app.task_artifact_part enable row level security;
alter table app.task_artifact_part force row level security;
create policy own_rows on app.task_artifact_part
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
create policy of_own_task on app.task_artifact_part as restrictive to gatehouse_app
  using (exists (select from app.task t where t.tenant_id = task_artifact_part.tenant_id and t.id = task_artifact_part.task_id))
  with check (exists (select from app.task t where t.tenant_id = task_artifact_part.tenant_id and t.id = task_artifact_part.task_id));
grant select, insert on app.task_artifact_part to gatehouse_app;

alter table app.task_request enable row level security;
alter table app.task_request force row level security;
create policy own_rows on app.task_request
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
create policy own_subject on app.task_request as restrictive to gatehouse_app
  using (subject = (select app.subject()) or starts_with((select app.subject()), 'gatehouse:'))
  with check (subject = (select app.subject()) or starts_with((select app.subject()), 'gatehouse:'));
grant select, insert (tenant_id, subject, key, request_hash, task_id), delete on app.task_request to gatehouse_app;

-- What a task has cost is asked with every look at it.
create index ledger_of_task on app.ledger (tenant_id, task) where task is not null;
