-- Reserve, send, settle: the only writers of windows, holds and the ledger. All run as the owner within the tenant of the
-- seal; they lock windows in the order of their keys, so that no two of them wait for each other (not FOR UPDATE: foreign keys share the row's key). A hold counts in the
-- windows of the moment it was made, whenever it ends.

-- The beginning and end of the stretch of time that a moment is in; a lifetime has no end.
create or replace function app.budget_period(period text, moment timestamptz, out starts_at timestamptz, out ends_at timestamptz)
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
  select case when period = 'lifetime' then 'epoch'::timestamptz else start at time zone 'UTC' end,
    case when period = 'lifetime' then null else (start + ('1 ' || period)::interval) at time zone 'UTC' end
  from (select date_trunc(case when period = 'lifetime' then 'year' else period end, moment at time zone 'UTC') as start) s
$$;

-- What a budget allows in a month when it follows the tenant's tier; its own limit otherwise. Null: no limit.
create or replace function app.budget_limit(tenant uuid, follows_tier boolean, own_limit bigint) returns bigint
language sql stable set search_path = pg_catalog, pg_temp as $$
  select case when follows_tier then (
      select r.limit_nano from app.tenant t join app.tier r on r.id = t.tier where t.id = tenant)
    else own_limit end
$$;

-- A limit with what was granted on top: more than a bigint holds is as good as all that one holds.
create or replace function app.allowed_nano(own_limit bigint, granted bigint) returns bigint
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
  select least(own_limit::numeric + granted, 9000000000000000000)::bigint where own_limit is not null
$$;

-- The window is there afterwards.
create or replace function app.open_window(tenant uuid, budget uuid, whose text, start timestamptz, finish timestamptz) returns void
language sql volatile set search_path = pg_catalog, pg_temp as $$
  insert into app.budget_window (tenant_id, budget_id, member, starts_at, ends_at)
    values (tenant, budget, whose, start, finish) on conflict do nothing
$$;

-- Makes the alerts of a window that are due: of each threshold that spending has reached, and of 100 when a call did not
-- fit. One an alert, ever.
create or replace function app.note_alerts(tenant uuid, budget uuid, whose text, start timestamptz, is_full boolean) returns void
language sql volatile set search_path = pg_catalog, pg_temp as $$
  insert into app.budget_alert (tenant_id, id, budget_id, member, starts_at, threshold, spent_nano, held_nano, limit_nano)
  select tenant, gen_random_uuid(), budget, whose, start, threshold, w.spent_nano, w.held_nano, w.allowed
  from (
    select w.spent_nano, w.held_nano, b.thresholds,
      app.allowed_nano(app.budget_limit(tenant, b.follows_tier, b.limit_nano), w.granted_nano) as allowed
    from app.budget_window w join app.budget b on b.tenant_id = tenant and b.id = budget
    where w.tenant_id = tenant and w.budget_id = budget and w.member = whose and w.starts_at = start
  ) w, unnest(w.thresholds) as threshold
  where w.allowed > 0 and (w.spent_nano::numeric * 100 >= w.allowed::numeric * threshold or (is_full and threshold = 100))
  on conflict do nothing
$$;

-- Reserves up to `at_most` nano-USD, and no less than `at_least`, in every budget that concerns the call; all of them or none.
-- `call`: {key_id, model, operation, task, step, label, per_million, price_version}. Outcomes: held; refused, with the
-- budget that leaves the least room; repeated, when this step was reserved before: then nothing is reserved again.
create or replace function app.reserve_hold(
  hold_id uuid, step text, proof_hash bytea, call jsonb, at_least bigint, at_most bigint, lifetime interval,
  out outcome text, out held_nano bigint, out state text, out budget_id uuid, out scope text, out member text, out period text,
  out limit_nano bigint, out spent_nano bigint, out other_holds_nano bigint, out resets_at timestamptz, out action text,
  out degrade_to text, out next_tier jsonb)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  tenant uuid := app.tenant_id();
  caller text := app.subject();
  moment timestamptz := clock_timestamp();
  is_person boolean := caller !~ '^gatehouse:';
  w record;
  room bigint;
  found_hold app.hold;
  tightest bigint;
  refused bigint;
begin
  if tenant is null then raise exception 'money is a tenant''s' using errcode = '42501'; end if;
  if at_least is null or at_most is null or at_least < 0 or at_most < at_least then
    raise exception 'no amount' using errcode = '22023';
  end if;
  if lifetime is null or lifetime > interval '1 day' then raise exception 'no lifetime' using errcode = '22023'; end if;

  -- Of two that reserve the same step at once the second waits here, and then finds it.
  insert into app.hold (tenant_id, id, subject, step_key, proof_hash, state, held_nano, key_id, model, operation, task, step,
      label, per_million, price_version, reserved_at, expires_at)
    values (tenant, hold_id, caller, reserve_hold.step, reserve_hold.proof_hash, 'held', 0, call ->> 'key_id', call ->> 'model',
      call ->> 'operation', call ->> 'task', call ->> 'step', call ->> 'label', call -> 'per_million',
      call ->> 'price_version', moment, moment + lifetime)
    on conflict (tenant_id, subject, step_key) do nothing;
  if not found then
    select * into found_hold from app.hold h
      where h.tenant_id = tenant and h.subject = caller and h.step_key = reserve_hold.step;
    outcome := 'repeated';
    held_nano := found_hold.held_nano;
    state := found_hold.state;
    return;
  end if;

  insert into app.budget (tenant_id, id, scope, member, period, follows_tier, changed_by)
    select tenant, gen_random_uuid(), 'tenant', '', 'month', true, 'gatehouse:tiers'
    where not exists (select from app.budget b where b.tenant_id = tenant and b.scope = 'tenant' and b.period = 'month')
    on conflict do nothing;
  for w in
    select b.id, concerned.member, p.starts_at, p.ends_at
    from (values
        ('tenant', ''), ('user', case when is_person then caller end), ('key', call ->> 'key_id'),
        ('model', call ->> 'model'), ('task', call ->> 'task')) as concerned (scope, member)
      join app.budget b on b.tenant_id = tenant and b.scope = concerned.scope and b.member in (concerned.member, '*')
        -- '*' is each of them: of a call without a key there is none.
        and concerned.member is not null
      cross join lateral app.budget_period(b.period, moment) p
    order by b.id, concerned.member
    -- Whoever removes a budget does it before or afterwards.
    for key share of b
  loop
    perform app.open_window(tenant, w.id, w.member, w.starts_at, w.ends_at);
    insert into app.hold_window (tenant_id, hold_id, budget_id, member, starts_at)
      values (tenant, reserve_hold.hold_id, w.id, w.member, w.starts_at);
  end loop;

  for w in
    select h.budget_id, h.member, h.starts_at, x.ends_at, b.scope, b.period, b.action, b.degrade_to,
      x.spent_nano, x.held_nano,
      app.allowed_nano(app.budget_limit(tenant, b.follows_tier, b.limit_nano), x.granted_nano) as allowed
    from app.hold_window h
      join app.budget b on b.tenant_id = tenant and b.id = h.budget_id
      join app.budget_window x on x.tenant_id = tenant and x.budget_id = h.budget_id and x.member = h.member and x.starts_at = h.starts_at
    where h.tenant_id = tenant and h.hold_id = reserve_hold.hold_id
    order by h.budget_id, h.member, h.starts_at
    for no key update of x
  loop
    -- Sums stay below what a bigint holds also where nothing else limits them.
    room := case when w.action = 'alert' then 9000000000000000000 else coalesce(w.allowed, 9000000000000000000) end
      - w.spent_nano - w.held_nano;
    tightest := least(tightest, room);
    -- A limit of 0 blocks also what might turn out to cost nothing.
    if at_most > 0 and room < greatest(at_least, 1) then
      perform app.note_alerts(tenant, w.budget_id, w.member, w.starts_at, true);
      -- The first that blocks is told before one that only degrades; among equals the one with the least room.
      if refused is null or (w.action = 'block') > (action = 'block')
        or ((w.action = 'block') = (action = 'block') and room < refused) then
        refused := room;
        budget_id := w.budget_id; scope := w.scope; member := w.member; period := w.period;
        limit_nano := coalesce(w.allowed, 9000000000000000000); spent_nano := w.spent_nano; other_holds_nano := w.held_nano;
        resets_at := w.ends_at; action := w.action; degrade_to := w.degrade_to;
      end if;
    end if;
  end loop;
  if refused is not null then
    delete from app.hold h where h.tenant_id = tenant and h.id = hold_id;
    if scope = 'tenant' then
      next_tier := (select jsonb_build_object('id', n.id, 'name', n.name, 'limit_nano', n.limit_nano,
          'is_self_service', n.is_self_service)
        from app.tenant t join app.tier r on r.id = t.tier join app.tier n on n.id = r.next_tier where t.id = tenant);
    end if;
    outcome := 'refused';
    return;
  end if;

  outcome := 'held';
  state := 'held';
  -- A call that costs nothing passes also where nothing is left.
  held_nano := case when at_most = 0 then 0 else least(at_most, tightest) end;
  update app.hold h set held_nano = reserve_hold.held_nano where h.tenant_id = tenant and h.id = hold_id;
  update app.budget_window x set held_nano = x.held_nano + reserve_hold.held_nano
    from app.hold_window h
    where h.tenant_id = tenant and h.hold_id = reserve_hold.hold_id
      and x.tenant_id = tenant and x.budget_id = h.budget_id and x.member = h.member and x.starts_at = h.starts_at;
end $$;

-- From now on the provider may have been asked: whoever ends the hold without knowing more charges all of it. False when
-- the hold is over, or is about to be ended because its time is.
create or replace function app.mark_sent(hold_id uuid, proof bytea) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  tenant uuid := app.tenant_id();
begin
  update app.hold h set state = 'sent'
    where h.tenant_id = tenant and h.id = mark_sent.hold_id and h.state in ('held', 'sent')
      and h.expires_at > clock_timestamp() and h.proof_hash = sha256(proof);
  return found;
end $$;

-- Ends a hold: charges `cost` of it and gives back the rest. Null: nothing was done, all of it is given back. Asked again,
-- it changes nothing. Returns the state the hold is in afterwards.
create or replace function app.settle_hold(hold_id uuid, proof bytea, usage jsonb, cost bigint, basis text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  tenant uuid := app.tenant_id();
begin
  perform from app.hold h where h.tenant_id = tenant and h.id = settle_hold.hold_id and h.proof_hash = sha256(proof);
  if not found then raise exception 'no such hold' using errcode = '42501'; end if;
  return app.end_hold(tenant, hold_id, usage, cost, basis);
end $$;

create or replace function app.end_hold(tenant uuid, hold uuid, usage jsonb, cost bigint, basis text) returns text
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  h app.hold;
  w record;
  charged bigint;
begin
  if cost < 0 then raise exception 'no amount' using errcode = '22023'; end if;
  -- The windows before the hold, as reserving does.
  perform from app.hold_window x
    join app.budget_window b on b.tenant_id = tenant and b.budget_id = x.budget_id and b.member = x.member and b.starts_at = x.starts_at
    where x.tenant_id = tenant and x.hold_id = hold
    order by b.budget_id, b.member, b.starts_at for no key update of b;
  select * into h from app.hold x where x.tenant_id = tenant and x.id = hold for update;
  if not found or h.state not in ('held', 'sent') then return h.state; end if;
  -- More than was held is more than a limit allowed: it is on record, and not charged.
  -- Not `least` alone: it passes over a null, and what is released costs nothing.
  charged := case when cost is null then 0 else least(cost, h.held_nano) end;
  if cost is not null then
    insert into app.ledger (tenant_id, id, kind, hold_id, subject, key_id, model, operation, task, step, label, usage,
        per_million, price_version, cost_nano, basis, uncharged_nano)
      values (tenant, gen_random_uuid(), 'charge', h.id, h.subject, h.key_id, h.model, h.operation, h.task, h.step, h.label,
        coalesce(end_hold.usage, '{}'), h.per_million, h.price_version, charged, end_hold.basis, cost - charged);
  end if;
  update app.hold x set state = case when cost is null then 'released' else 'settled' end
    where x.tenant_id = tenant and x.id = hold;
  for w in
    update app.budget_window b set held_nano = b.held_nano - h.held_nano, spent_nano = b.spent_nano + charged
    from app.hold_window x
    where x.tenant_id = tenant and x.hold_id = hold
      and b.tenant_id = tenant and b.budget_id = x.budget_id and b.member = x.member and b.starts_at = x.starts_at
    returning b.budget_id, b.member, b.starts_at
  loop
    perform app.note_alerts(tenant, w.budget_id, w.member, w.starts_at, false);
  end loop;
  return case when cost is null then 'released' else 'settled' end;
end $$;

-- Room on top of a budget's limit, in the window of this moment. Returns what is granted there now.
create or replace function app.grant_budget(budget uuid, whose text, amount bigint) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  tenant uuid := app.tenant_id();
  b app.budget;
  p record;
  granted bigint;
begin
  select * into b from app.budget x where x.tenant_id = tenant and x.id = budget;
  if not found then return null; end if;
  if not (app.has_right('grants') or (b.scope <> 'tenant' and app.has_right('budgets'))) then
    raise exception 'no right to grant' using errcode = '42501';
  end if;
  select * into p from app.budget_period(b.period, clock_timestamp());
  perform app.open_window(tenant, budget, whose, p.starts_at, p.ends_at);
  update app.budget_window x set granted_nano = x.granted_nano + amount
    where x.tenant_id = tenant and x.budget_id = budget and x.member = whose and x.starts_at = p.starts_at
    returning x.granted_nano into granted;
  return granted;
end $$;

-- A correction of a charge: a row of its own, in the windows of the charge. No window falls below nothing.
create or replace function app.correct_charge(row_id uuid, charge uuid, amount bigint, reason text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  tenant uuid := app.tenant_id();
  c app.ledger;
begin
  if not app.has_right('grants') then raise exception 'no right to correct' using errcode = '42501'; end if;
  select * into c from app.ledger l where l.tenant_id = tenant and l.id = charge and l.kind = 'charge';
  if not found then return false; end if;
  perform from app.hold_window x
    join app.budget_window b on b.tenant_id = tenant and b.budget_id = x.budget_id and b.member = x.member and b.starts_at = x.starts_at
    where x.tenant_id = tenant and x.hold_id = c.hold_id
    order by b.budget_id, b.member, b.starts_at for no key update of b;
  -- Also where no window is left to wait at.
  perform from app.hold h where h.tenant_id = tenant and h.id = c.hold_id for update;
  if (select sum(l.cost_nano) + amount from app.ledger l where l.tenant_id = tenant and l.hold_id = c.hold_id) < 0 then
    raise exception 'more than was charged' using errcode = '22023';
  end if;
  insert into app.ledger (tenant_id, id, kind, hold_id, subject, key_id, model, operation, task, step, label, usage,
      per_million, price_version, cost_nano, basis, note)
    values (tenant, row_id, 'correction', c.hold_id, app.subject(), c.key_id, c.model, c.operation, c.task, c.step, c.label,
      '{}', c.per_million, c.price_version, amount, 'correction', reason);
  update app.budget_window b set spent_nano = b.spent_nano + amount
    from app.hold_window x
    where x.tenant_id = tenant and x.hold_id = c.hold_id
      and b.tenant_id = tenant and b.budget_id = x.budget_id and b.member = x.member and b.starts_at = x.starts_at;
  return true;
end $$;

-- For the sweeper, under a maintenance seal: ends the holds of a tenant whose process never did. Returns how many.
create or replace function app.end_expired_holds() returns int
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  tenant uuid := app.tenant_id();
  expired uuid[];
  h record;
  ended int := 0;
begin
  expired := array(select x.id from app.hold x
    where x.tenant_id = tenant and x.state in ('held', 'sent') and x.expires_at < clock_timestamp()
    order by x.expires_at limit 500);
  -- All windows of all of them, in the order in which everybody takes them: one hold after the other would wait crosswise
  -- with a call that reserves.
  perform from app.budget_window b
    where b.tenant_id = tenant and exists (select from app.hold_window x
      where x.tenant_id = tenant and x.hold_id = any (expired)
        and x.budget_id = b.budget_id and x.member = b.member and x.starts_at = b.starts_at)
    order by b.budget_id, b.member, b.starts_at for no key update of b;
  -- How they stand is read under the lock: one that has been sent in the meantime is charged, not released.
  for h in select x.id, x.state, x.held_nano from app.hold x
    where x.tenant_id = tenant and x.id = any (expired) and x.state in ('held', 'sent')
    order by x.id for update
  loop
    perform app.end_hold(tenant, h.id, null, case when h.state = 'sent' then h.held_nano end, 'hold');
    ended := ended + 1;
  end loop;
  return ended;
end $$;

revoke all on function app.budget_period(text, timestamptz), app.budget_limit(uuid, boolean, bigint),
  app.allowed_nano(bigint, bigint),
  app.note_alerts(uuid, uuid, text, timestamptz, boolean), app.open_window(uuid, uuid, text, timestamptz, timestamptz),
  app.reserve_hold(uuid, text, bytea, jsonb, bigint, bigint, interval), app.mark_sent(uuid, bytea),
  app.settle_hold(uuid, bytea, jsonb, bigint, text), app.end_hold(uuid, uuid, jsonb, bigint, text),
  app.grant_budget(uuid, text, bigint), app.correct_charge(uuid, uuid, bigint, text), app.end_expired_holds() from public;
grant execute on function app.budget_period(text, timestamptz),
  app.reserve_hold(uuid, text, bytea, jsonb, bigint, bigint, interval), app.mark_sent(uuid, bytea),
  app.settle_hold(uuid, bytea, jsonb, bigint, text), app.grant_budget(uuid, text, bigint),
  app.correct_charge(uuid, uuid, bigint, text) to gatehouse_app;
