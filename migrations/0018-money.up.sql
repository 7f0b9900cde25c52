-- Money: what a tenant may spend, what it holds for calls under way, and what it has spent. All of it is nano-USD in
-- bigint: 10^-9 of a dollar, up to nine billion dollars. Windows, holds and the ledger are written by definer functions
-- alone (src/gate/money/*.fn.sql); nobody who runs SQL under a tenant's seal can lower what was spent.

-- It gives the rights of a seal one by one now; seal.fn.sql makes it anew.
drop function if exists app.open_seal();
create function app.has_right(wanted text) returns boolean language plpgsql stable
  as $$ begin raise exception 'the seal functions are not applied yet' using errcode = '42501'; end $$;

create table app.tier (
  id text primary key check (id ~ '^[a-z][a-z0-9-]{0,39}$'),
  name text not null check (length(name) between 1 and 100),
  -- A tenant's spending in a calendar month (UTC): 0 is nothing, null is no limit.
  limit_nano bigint check (limit_nano >= 0),
  -- Of a tenant; null: the rate of the deployment.
  requests_per_minute int check (requests_per_minute between 1 and 1000000),
  -- Language models that may be asked for by name, "llama3.2" or "openai:gpt-4"; '*' is all of them.
  models text[] not null,
  next_tier text references app.tier,
  changed_at timestamptz not null default now()
);
alter table app.tier enable row level security;
alter table app.tier force row level security;
create policy anyone on app.tier for select to gatehouse_app using (true);
create policy operators on app.tier to gatehouse_app
  using ((select app.is_system())) with check ((select app.is_system()));
-- reserve_hold reads them.
create policy owner_registry on app.tier to gatehouse_owner using (true) with check (true);
grant select, insert, update, delete on app.tier to gatehouse_app;

-- `standard` is what a tenant gets that nobody has chosen a tier for.
insert into app.tier (id, name, limit_nano, requests_per_minute, models, next_tier) values
  ('enterprise', 'Enterprise', 500000000000, 1000, '{*}', null),
  ('pro', 'Pro', 25000000000, 100, '{llama3.2,gpt-3.5-turbo,claude-3-haiku}', 'enterprise'),
  ('free', 'Free', 500000000, 10, '{llama3.2}', 'pro'),
  ('standard', 'Standard', 100000000000, null, '{*}', 'enterprise');

-- Until now a tier decided nothing, and 'free' was what tenants had whose tier nobody chose.
alter table app.tenant drop constraint tenant_tier_check;
update app.tenant set tier = 'standard' where tier = 'free';
alter table app.tenant alter column tier set default 'standard';
alter table app.tenant add foreign key (tier) references app.tier (id);

-- Prices that operators set, and those a new deployment begins with. A price is never changed: a new one follows it.
create table app.price (
  id uuid primary key,
  -- A model's name as settings have it ("openai:gpt-4"), or its bare name at whichever provider ("gpt-4").
  model text not null check (length(model) between 1 and 200),
  -- Nano-USD for a million units, by component; an absent component is not for sale.
  per_million jsonb not null check (jsonb_typeof(per_million) = 'object'),
  -- A seed is asked last, after all other sources; an operator's word comes before them.
  origin text not null check (origin in ('seed', 'operator')),
  -- Ends what an operator has set for the model: other sources are asked again.
  is_withdrawn boolean not null default false,
  created_by text not null,
  created_at timestamptz not null default now()
);
create index price_of_model on app.price (model, created_at desc, id desc);
-- The article's, for a thousand tokens: 0.0001, 0.0001, 0.03, 0.002, 0.015 and 0.0025 USD, one price for what goes in and
-- what comes out. Real prices differ by direction: sources that know them come first.
insert into app.price (id, model, per_million, origin, created_by)
  select gen_random_uuid(), model, jsonb_build_object('input', nano, 'output', nano), 'seed', 'gatehouse'
  from (values ('llama3.2', 100000000), ('mistral', 100000000), ('gpt-4', 30000000000), ('gpt-3.5-turbo', 2000000000),
    ('claude-3', 15000000000), ('claude-3-haiku', 2500000000)) as seed (model, nano);

alter table app.price enable row level security;
alter table app.price force row level security;
create policy anyone on app.price for select to gatehouse_app using (true);
create policy operators on app.price for insert to gatehouse_app with check ((select app.is_system()));
grant select, insert on app.price to gatehouse_app;

-- What a tenant pays that has terms of its own. As app.price.
create table app.tenant_price (
  tenant_id uuid not null,
  id uuid not null,
  model text not null check (length(model) between 1 and 200),
  per_million jsonb not null check (jsonb_typeof(per_million) = 'object'),
  is_withdrawn boolean not null default false,
  created_by text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
create index tenant_price_of_model on app.tenant_price (tenant_id, model, created_at desc, id desc);

create table app.budget (
  tenant_id uuid not null,
  id uuid not null,
  scope text not null check (scope in ('user', 'key', 'model', 'task', 'tenant')),
  -- Whose: a user's id, a key's id, a model's name, a task's id; '*': each of them by itself; '' of a tenant.
  member text collate "C" not null check (length(member) <= 200 and (scope = 'tenant') = (member = '')),
  -- UTC: days, weeks from Monday, calendar months.
  period text not null check (period in ('day', 'week', 'month', 'lifetime')),
  -- 0 blocks everything that costs, null is no limit.
  limit_nano bigint check (limit_nano >= 0),
  -- The tenant's own monthly limit is its tier's until somebody sets another.
  follows_tier boolean not null default false,
  -- What becomes of a call that does not fit: an alert alone, a cheaper model, a refusal.
  action text not null default 'block' check (action in ('alert', 'degrade', 'block')),
  degrade_to text check (length(degrade_to) between 1 and 200),
  -- Percent of the limit; each is told once in a window.
  thresholds int[] not null default '{50,80,95,100}' check (0 < all (thresholds) and cardinality(thresholds) <= 10),
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  changed_by text not null,
  primary key (tenant_id, id),
  unique (tenant_id, scope, member, period),
  check (not follows_tier or (scope = 'tenant' and period = 'month' and limit_nano is null)),
  check (degrade_to is null or action = 'degrade')
);

-- What was spent and is held of a budget, in one stretch of time. `member` as of the call: of '*' each has its own.
create table app.budget_window (
  tenant_id uuid not null,
  budget_id uuid not null,
  member text collate "C" not null,
  starts_at timestamptz not null,
  -- Null: it never ends.
  ends_at timestamptz,
  spent_nano bigint not null default 0 check (spent_nano >= 0),
  held_nano bigint not null default 0 check (held_nano >= 0),
  -- On top of the limit, for this stretch alone.
  granted_nano bigint not null default 0 check (granted_nano >= 0),
  primary key (tenant_id, budget_id, member, starts_at),
  foreign key (tenant_id, budget_id) references app.budget (tenant_id, id) on delete cascade
);

-- One for each call to a provider that costs. held: reserved, nothing has left yet; sent: the provider may have been
-- asked; settled: charged; released: nothing was done for it.
create table app.hold (
  tenant_id uuid not null,
  id uuid not null,
  subject text not null,
  -- What must not be charged twice: call, step, attempt.
  step_key text not null check (length(step_key) between 1 and 500),
  -- SHA-256 of what only the process knows that made the hold: nobody else settles it.
  proof_hash bytea not null check (length(proof_hash) = 32),
  state text not null check (state in ('held', 'sent', 'settled', 'released')),
  held_nano bigint not null check (held_nano >= 0),
  key_id text,
  model text not null,
  operation text not null,
  task text,
  step text not null,
  label text,
  per_million jsonb not null,
  price_version text not null,
  reserved_at timestamptz not null,
  -- From then on it is ended without its process: charged in full if it was sent, released otherwise.
  expires_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, subject, step_key)
);
create index hold_open on app.hold (expires_at, tenant_id) where state in ('held', 'sent');

-- The windows a hold counts in: those of the moment it was made, whenever it is settled.
create table app.hold_window (
  tenant_id uuid not null,
  hold_id uuid not null,
  budget_id uuid not null,
  member text collate "C" not null,
  starts_at timestamptz not null,
  primary key (tenant_id, hold_id, budget_id, member),
  foreign key (tenant_id, hold_id) references app.hold (tenant_id, id) on delete cascade,
  foreign key (tenant_id, budget_id, member, starts_at)
    references app.budget_window (tenant_id, budget_id, member, starts_at) on delete cascade
);
create index hold_window_of_window on app.hold_window (tenant_id, budget_id, member, starts_at);

-- What was spent, never changed. A correction is a row of its own, on the same hold.
create table app.ledger (
  tenant_id uuid not null,
  id uuid not null,
  sequence bigint generated always as identity,
  at timestamptz not null default now(),
  kind text not null check (kind in ('charge', 'correction')),
  hold_id uuid not null,
  subject text not null,
  key_id text,
  model text not null,
  operation text not null,
  task text,
  step text not null,
  label text,
  -- Units: tokens by component. Empty where nobody knows what was used.
  usage jsonb not null check (jsonb_typeof(usage) = 'object'),
  per_million jsonb not null,
  price_version text not null,
  -- What it cost; of a correction also less than nothing.
  cost_nano bigint not null check (kind = 'correction' or cost_nano >= 0),
  -- How the cost is known: by the provider's word, by counting what arrived, or not at all: then the whole hold.
  basis text not null check (basis in ('provider', 'counted', 'hold', 'correction')),
  -- Of the computed cost what no limit left room for: the provider reported more than it was allowed to do.
  uncharged_nano bigint not null default 0 check (uncharged_nano >= 0),
  note text check (length(note) <= 500),
  chained_as bigint,
  chain_hash bytea,
  primary key (tenant_id, id),
  foreign key (tenant_id, hold_id) references app.hold (tenant_id, id)
);
create unique index ledger_charge_once on app.ledger (tenant_id, hold_id) where kind = 'charge';
create index ledger_of_hold on app.ledger (tenant_id, hold_id);
create index ledger_by_time on app.ledger (tenant_id, at);
create unique index ledger_chain on app.ledger (tenant_id, chained_as) where chained_as is not null;
create index ledger_unchained on app.ledger (tenant_id, sequence) where chained_as is null;

create table app.ledger_head (
  tenant_id uuid not null,
  chained_as bigint not null check (chained_as >= 0),
  chain_hash bytea not null check (length(chain_hash) = 32),
  at timestamptz not null default now(),
  primary key (tenant_id)
);

-- Who is told of a budget: signed posts (secret: the application writes it and cannot read it back).
create table app.alert_webhook (
  tenant_id uuid not null,
  id uuid not null,
  url text not null check (length(url) between 1 and 2000),
  secret bytea not null check (length(secret) = 32),
  created_by text not null,
  created_at timestamptz not null default now(),
  -- The last post and what came of it: 'delivered' or why not.
  posted_at timestamptz,
  outcome text,
  primary key (tenant_id, id)
);

-- An alert is made in the transaction that crossed the threshold, once in a window.
create table app.budget_alert (
  tenant_id uuid not null,
  id uuid not null,
  budget_id uuid not null,
  member text collate "C" not null,
  starts_at timestamptz not null,
  threshold int not null,
  spent_nano bigint not null,
  held_nano bigint not null,
  limit_nano bigint not null,
  at timestamptz not null default now(),
  -- Told to every webhook there was, or given up.
  delivered_at timestamptz,
  attempts int not null default 0,
  -- Not before; and who has taken it already.
  next_at timestamptz not null default now(),
  told uuid[] not null default '{}',
  -- Why it was not taken, as of the last attempt.
  failure text,
  primary key (tenant_id, id),
  unique (tenant_id, budget_id, member, starts_at, threshold),
  foreign key (tenant_id, budget_id) references app.budget (tenant_id, id) on delete cascade
);
create index budget_alert_open on app.budget_alert (at, tenant_id) where delivered_at is null;

do $$
declare
  target text;
begin
  foreach target in array array['tenant_price', 'budget', 'budget_window', 'hold', 'hold_window', 'ledger', 'ledger_head',
    'alert_webhook', 'budget_alert'] loop
    execute format('alter table app.%I enable row level security', target);
    execute format('alter table app.%I force row level security', target);
    execute format('create policy own_rows on app.%I using (tenant_id = (select app.tenant_id()))'
      ' with check (tenant_id = (select app.tenant_id()))', target);
  end loop;
end $$;

-- The sweeper, the chainer and the sender of alerts find out whose rows wait, without asking every tenant in turn. Under a
-- seal the owner too sees one tenant alone.
create policy owner_sweeps on app.hold for select to gatehouse_owner
  using ((select app.tenant_id()) is null and state in ('held', 'sent'));
create policy owner_sweeps on app.ledger for select to gatehouse_owner
  using ((select app.tenant_id()) is null and chained_as is null);
create policy owner_sweeps on app.audit for select to gatehouse_owner
  using ((select app.tenant_id()) is null and chained_as is null);
create policy owner_sweeps on app.budget_alert for select to gatehouse_owner
  using ((select app.tenant_id()) is null and delivered_at is null);

grant select on app.budget_window, app.hold_window, app.ledger, app.ledger_head, app.budget_alert to gatehouse_app;
grant select (tenant_id, id, subject, step_key, state, held_nano, key_id, model, operation, task, step, label, per_million,
  price_version, reserved_at, expires_at) on app.hold to gatehouse_app;
grant select, insert on app.tenant_price to gatehouse_app;
-- Whose a budget is, and of which time, never changes.
grant select, insert, delete, update (limit_nano, follows_tier, action, degrade_to, thresholds, changed_at, changed_by)
  on app.budget to gatehouse_app;
grant select (tenant_id, id, url, created_by, created_at, posted_at, outcome), insert, delete on app.alert_webhook to gatehouse_app;

-- A tenant's own limit and prices are the operator's; what it allows its users, keys, models and tasks is its own.
create policy only_grants on app.tenant_price as restrictive for insert to gatehouse_app
  with check ((select app.has_right('grants')));
create policy only_budgets on app.budget as restrictive for insert to gatehouse_app
  with check ((select app.has_right('grants')) or (scope <> 'tenant' and (select app.has_right('budgets'))));
create policy only_budgets_changed on app.budget as restrictive for update to gatehouse_app using (true)
  with check ((select app.has_right('grants')) or (scope <> 'tenant' and (select app.has_right('budgets'))));
create policy only_budgets_removed on app.budget as restrictive for delete to gatehouse_app
  using ((select app.has_right('grants')) or (scope <> 'tenant' and (select app.has_right('budgets'))));
create policy only_budgets on app.alert_webhook as restrictive for insert to gatehouse_app
  with check ((select app.has_right('budgets')) or (select app.has_right('grants')));
create policy only_budgets_removed on app.alert_webhook as restrictive for delete to gatehouse_app
  using ((select app.has_right('budgets')) or (select app.has_right('grants')));
