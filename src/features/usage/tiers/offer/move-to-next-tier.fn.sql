-- A tenant moves into the next tier by itself: the one change of the registry that its own seal allows. It needs the right to
-- write budgets, and the operator's word that tenants may move into that tier. Outcomes: moved; already; not_next;
-- operators_only.
create or replace function app.move_to_next_tier(wanted text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  tenant uuid := app.tenant_id();
  present text;
  offered boolean;
begin
  if tenant is null or not (app.has_right('budgets') or app.has_right('grants')) then
    raise exception 'no right to move' using errcode = '42501';
  end if;
  -- Of two that move at once the second waits here, and finds the first one's tier.
  select t.tier into present from app.tenant t where t.id = tenant for no key update;
  if present = wanted then return 'already'; end if;
  -- Held: neither its terms nor which is next change before this has committed.
  select n.is_self_service into offered from app.tier r join app.tier n on n.id = r.next_tier
    where r.id = present and n.id = wanted for share;
  if not found then return 'not_next'; end if;
  if not offered then return 'operators_only'; end if;
  update app.tenant t set tier = wanted, changed_at = now() where t.id = tenant;
  return 'moved';
end $$;

revoke all on function app.move_to_next_tier(text) from public;
grant execute on function app.move_to_next_tier(text) to gatehouse_app;
