-- The tenant seal, opened. A seal is a text in the transaction-local setting app.seal:
--   2.<key id>.<realm>.<tenant>.<subject, hex>.<nonce>.<expiry, ms since 1970>.<backend pid, 0 behind a pooler>.<rights>.<HMAC-SHA256, hex>
-- Rights: `all` (every document of the tenant) or `listed` (those that the subject's access lists open), then what most
-- have not, `+people` (write users and groups), `+budgets`, `+grants` (see app.budget).
-- Only the application holds the key, so SQL that was smuggled in can set the setting but not sign it.
-- Realms: tenant (its rows), system (deployment tables, no tenant's rows), maintenance (a tenant's rows
-- whatever its status; the maintainer alone mints it).

-- plan_cache_mode: the application's role plans every statement anew, for the sake of tenants' partitions. The two
-- lookups by key in here are planned once for a session: 10 µs a call instead of 21.

-- Verifies the seal of this transaction: NULL realm when there is none, 42501 when it is not genuine.
create or replace function app.open_seal(out realm text, out tenant uuid, out subject text, out reads text, out rights text[])
language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan as $$
declare
  sealed text := nullif(current_setting('app.seal', true), '');
  part text[];
  key app.seal_key;
begin
  if sealed is null then return; end if;
  part := string_to_array(sealed, '.');
  if cardinality(part) <> 10 or part[1] <> '2' then
    raise exception 'seal refused: malformed' using errcode = '42501';
  end if;
  select * into key from app.seal_key k where k.id = part[2];
  if not found then
    raise exception 'seal refused: unknown key' using errcode = '42501';
  end if;
  -- Hashes of the two MACs are compared, so that the time of the comparison says nothing about the right one.
  if sha256(convert_to(part[10], 'UTF8')) <> sha256(convert_to(encode(sha256(key.outer_pad || sha256(key.inner_pad
       || convert_to(array_to_string(part[1:9], '.'), 'UTF8'))), 'hex'), 'UTF8')) then
    raise exception 'seal refused: forged' using errcode = '42501';
  end if;
  if part[7]::bigint < extract(epoch from clock_timestamp()) * 1000 then
    raise exception 'seal refused: expired' using errcode = '42501';
  end if;
  if part[8] <> '0' and part[8]::int <> pg_backend_pid() then
    raise exception 'seal refused: minted for another connection' using errcode = '42501';
  end if;
  realm := part[3];
  tenant := nullif(part[4], '')::uuid;
  subject := convert_from(decode(part[5], 'hex'), 'UTF8');
  reads := split_part(part[9], '+', 1);
  rights := (string_to_array(part[9], '+'))[2:];
end $$;

-- The tenant whose rows this transaction may see; NULL without a tenant's seal. Every policy asks it once for each table of a
-- statement (some 10 µs).
create or replace function app.tenant_id() returns uuid
language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan as $$
declare
  seal record;
begin
  seal := app.open_seal();
  if seal.realm = 'maintenance' then
    -- Whoever got hold of one still needs the owner's role, which the application's login cannot take on.
    if current_setting('role') <> 'gatehouse_owner' then
      raise exception 'seal refused: maintenance is the owner''s' using errcode = '42501';
    end if;
    return seal.tenant;
  end if;
  if seal.realm is distinct from 'tenant' then return null; end if;
  if not exists (select from app.tenant t where t.id = seal.tenant and t.status = 'active') then
    raise exception 'tenant_inactive' using errcode = '42501';
  end if;
  if exists (select from app.user_standing s where s.tenant_of = seal.tenant and s.user_id = seal.subject and s.is_disabled) then
    raise exception 'user_disabled' using errcode = '42501';
  end if;
  return seal.tenant;
end $$;

-- Whether this transaction acts for the deployment itself.
create or replace function app.is_system() returns boolean
language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce((app.open_seal()).realm = 'system', false);
end $$;

-- Who calls in this transaction, and whether the call has a right that most have not.
create or replace function app.subject() returns text
language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
begin
  return (app.open_seal()).subject;
end $$;
create or replace function app.has_right(wanted text) returns boolean
language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce(wanted = any ((app.open_seal()).rights), false);
end $$;
create or replace function app.manages_people() returns boolean
language sql stable parallel restricted set search_path = pg_catalog, pg_temp as $$ select app.has_right('people') $$;

revoke all on function app.open_seal(), app.tenant_id(), app.is_system(), app.subject(), app.has_right(text), app.manages_people() from public;
grant execute on function app.tenant_id(), app.is_system(), app.subject(), app.has_right(text), app.manages_people() to gatehouse_app;
