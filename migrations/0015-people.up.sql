-- People: the users of a tenant with their roles and groups, the accounts they sign in with, API keys, and the foreign
-- issuers whose tokens are accepted. What a tenant owns has a tenant_id and its policy. What must be known before it is
-- known who calls (how a user stands, which key is whose) is copied by triggers into two registries of the deployment,
-- which hold ids, roles and hashes and no names.

-- Signatures, failing closed; the bodies are src/platform/db/seal.fn.sql.
create function app.manages_people() returns boolean language plpgsql stable
  as $$ begin raise exception 'the seal functions are not applied yet' using errcode = '42501'; end $$;
create function app.subject() returns text language plpgsql stable
  as $$ begin raise exception 'the seal functions are not applied yet' using errcode = '42501'; end $$;

alter table app.tenant drop constraint tenant_status_check;
alter table app.tenant add constraint tenant_status_check
  check (status in ('provisioning', 'active', 'suspended', 'removing'));
-- Every process asks each second for what changed since it last asked.
alter table app.tenant add column changed_at timestamptz not null default now();
grant update (changed_at) on app.tenant to gatehouse_app;

create table app.tenant_user (
  tenant_id uuid not null,
  -- The subject of the user's tokens. Subjects with these beginnings are not people's.
  id text collate "C" not null check (length(id) between 1 and 200 and id !~ '^(gatehouse|service|operator):'),
  name text not null check (length(name) between 1 and 200),
  email text check (length(email) between 3 and 254),
  role text not null check (role in ('owner', 'admin', 'member', 'reader')),
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
create unique index tenant_user_email on app.tenant_user (tenant_id, email) where email is not null;

create table app.user_group (
  tenant_id uuid not null,
  id uuid not null,
  name text not null check (length(name) between 1 and 100),
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, name)
);

create table app.group_member (
  tenant_id uuid not null,
  group_id uuid not null,
  user_id text collate "C" not null,
  primary key (tenant_id, group_id, user_id),
  foreign key (tenant_id, group_id) references app.user_group (tenant_id, id) on delete cascade,
  foreign key (tenant_id, user_id) references app.tenant_user (tenant_id, id) on delete cascade
);
create index group_member_of_user on app.group_member (tenant_id, user_id, group_id);

create table app.invitation (
  tenant_id uuid not null,
  id uuid not null,
  email text not null check (length(email) between 3 and 254),
  user_id text collate "C" not null,
  name text not null,
  role text not null check (role in ('owner', 'admin', 'member', 'reader')),
  -- SHA-256 of the 256 random bits in the link.
  secret_hash bytea not null,
  invited_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  primary key (tenant_id, id)
);

create table app.api_key (
  tenant_id uuid not null,
  -- The public part of the key, which is shown in lists and logs.
  id text collate "C" not null check (id ~ '^[A-Za-z0-9]{8,32}$'),
  name text not null check (length(name) between 1 and 100),
  -- Whose key it is: a user, or a service of the tenant ('service:…').
  user_id text collate "C" not null check (length(user_id) between 1 and 200),
  scopes text[] not null,
  salt bytea not null,
  -- SHA-256 of salt and secret: the secret has 256 random bits, which no slow hash makes harder to guess.
  secret_hash bytea not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  primary key (tenant_id, id)
);

-- How users stand, for authentication and the seal: before them, no tenant's row can be seen. A user that was removed
-- stays on it as disabled, so that its tokens are not taken for those of a user nobody has described.
create table app.user_standing (
  tenant_of uuid not null references app.tenant (id) on delete cascade,
  user_id text collate "C" not null,
  role text not null,
  is_disabled boolean not null,
  changed_at timestamptz not null default now(),
  primary key (tenant_of, user_id)
);
create index user_standing_newest on app.user_standing (changed_at);

-- API keys of users (copied) and of operators (tenant_of is null: made here).
create table app.key_standing (
  id text collate "C" primary key,
  tenant_of uuid references app.tenant (id) on delete cascade,
  user_id text collate "C" not null,
  scopes text[] not null,
  salt bytea not null,
  secret_hash bytea not null,
  name text,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  is_revoked boolean not null default false,
  changed_at timestamptz not null default now(),
  last_used_at timestamptz
);
create index key_standing_newest on app.key_standing (changed_at);

-- Somebody who can sign in. One account may be a user of several tenants.
create table app.account (
  id uuid primary key,
  email text not null unique check (email = lower(email) and length(email) between 3 and 254),
  name text not null check (length(name) between 1 and 200),
  password_hash text,
  -- May administer the deployment.
  is_operator boolean not null default false,
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  password_changed_at timestamptz
);

create table app.account_tenant (
  account_id uuid not null references app.account (id) on delete cascade,
  tenant_of uuid not null references app.tenant (id) on delete cascade,
  user_id text collate "C" not null,
  primary key (account_id, tenant_of),
  unique (tenant_of, user_id)
);

create table app.session (
  -- SHA-256 of the cookie.
  token_hash bytea primary key,
  account_id uuid not null references app.account (id) on delete cascade,
  -- The tenant it acts in; null for none.
  tenant_of uuid references app.tenant (id) on delete cascade,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index session_of_account on app.session (account_id);

-- Links that can be used once: to begin with (no account yet), or to choose a new password.
create table app.sign_in_link (
  token_hash bytea primary key,
  purpose text not null check (purpose in ('first_run', 'reset')),
  account_id uuid references app.account (id) on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  check ((purpose = 'reset') = (account_id is not null))
);

create table app.trusted_issuer (
  -- As in `iss`, character by character.
  issuer text primary key check (length(issuer) between 8 and 500),
  jwks_url text not null check (length(jwks_url) <= 2000),
  audience text not null,
  -- Which claims say tenant, user and scopes; which of nbf, jti, typ may be missing; the role of users not described.
  rules jsonb not null,
  -- The tenants it may speak for.
  tenants uuid[] not null,
  is_enabled boolean not null default true,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now()
);

-- The registries follow their tables in the same transaction, whoever writes.
create function app.note_user_standing() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'DELETE' then
    update app.user_standing set is_disabled = true, changed_at = now()
    where tenant_of = old.tenant_id and user_id = old.id;
    -- Whoever gets the same id later is somebody else: the account that was this user is so no more.
    delete from app.account_tenant where tenant_of = old.tenant_id and user_id = old.id;
  else
    insert into app.user_standing as s (tenant_of, user_id, role, is_disabled)
    values (new.tenant_id, new.id, new.role, new.disabled_at is not null)
    on conflict (tenant_of, user_id) do update
      set role = excluded.role, is_disabled = excluded.is_disabled, changed_at = now();
  end if;
  return null;
end $$;
create trigger user_standing after insert or update or delete on app.tenant_user
  for each row execute function app.note_user_standing();

create function app.note_key_standing() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'DELETE' then
    update app.key_standing set is_revoked = true, changed_at = now() where id = old.id and tenant_of = old.tenant_id;
  elsif tg_op = 'INSERT' then
    -- Two tenants cannot come by the same id except on purpose: the first one keeps it (23505).
    insert into app.key_standing (id, tenant_of, user_id, scopes, salt, secret_hash, expires_at, is_revoked)
    values (new.id, new.tenant_id, new.user_id, new.scopes, new.salt, new.secret_hash, new.expires_at, new.revoked_at is not null);
  elsif new.revoked_at is not null then
    -- And never back: a revoked key stays one.
    update app.key_standing set is_revoked = true, changed_at = now() where id = new.id and tenant_of = new.tenant_id;
  end if;
  return null;
end $$;
-- Not when a key was merely used: that changes nothing for those who check it.
create trigger key_standing after insert or delete or update of revoked_at on app.api_key
  for each row execute function app.note_key_standing();
revoke all on function app.note_user_standing(), app.note_key_standing() from public;

alter table app.tenant_user enable row level security;
alter table app.tenant_user force row level security;
create policy own_rows on app.tenant_user
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select, insert, delete on app.tenant_user to gatehouse_app;
grant update (name, email, role, disabled_at) on app.tenant_user to gatehouse_app;

alter table app.user_group enable row level security;
alter table app.user_group force row level security;
create policy own_rows on app.user_group
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select, insert, delete on app.user_group to gatehouse_app;
grant update (name) on app.user_group to gatehouse_app;

alter table app.group_member enable row level security;
alter table app.group_member force row level security;
create policy own_rows on app.group_member
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select, insert, delete on app.group_member to gatehouse_app;

alter table app.invitation enable row level security;
alter table app.invitation force row level security;
create policy own_rows on app.invitation
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select, insert, delete on app.invitation to gatehouse_app;
grant update (accepted_at) on app.invitation to gatehouse_app;

alter table app.api_key enable row level security;
alter table app.api_key force row level security;
create policy own_rows on app.api_key
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select, insert, delete on app.api_key to gatehouse_app;
grant update (name, revoked_at, last_used_at) on app.api_key to gatehouse_app;

-- Who is who, and in which group, is written by those alone who may manage people, as the seal says: SQL that was smuggled
-- into the call of anybody else cannot give itself a role or a group. A key of one's own allows no more than a member may.
do $$
declare
  target text;
begin
  foreach target in array array['tenant_user', 'user_group', 'group_member', 'invitation'] loop
    execute format('create policy managed_insert on app.%I as restrictive for insert to gatehouse_app'
      ' with check ((select app.manages_people()))', target);
    execute format('create policy managed_update on app.%I as restrictive for update to gatehouse_app'
      ' using ((select app.manages_people())) with check ((select app.manages_people()))', target);
    execute format('create policy managed_delete on app.%I as restrictive for delete to gatehouse_app'
      ' using ((select app.manages_people()))', target);
  end loop;
end $$;
create policy own_or_managed on app.api_key as restrictive for insert to gatehouse_app with check (
  (select app.manages_people())
  or user_id = (select app.subject()) and scopes <@ array['documents:read', 'documents:write', 'keys:write']);

-- The deployment's own, under a system seal. The triggers and the seal's own check run as the owner.
alter table app.user_standing enable row level security;
alter table app.user_standing force row level security;
create policy operators on app.user_standing using ((select app.is_system())) with check ((select app.is_system()));
create policy owner_registry on app.user_standing to gatehouse_owner using (true) with check (true);
grant select on app.user_standing to gatehouse_app;

alter table app.key_standing enable row level security;
alter table app.key_standing force row level security;
create policy operators on app.key_standing using ((select app.is_system())) with check ((select app.is_system()));
create policy owner_registry on app.key_standing to gatehouse_owner using (true) with check (true);
grant select, insert, delete on app.key_standing to gatehouse_app;
grant update (name, is_revoked, changed_at, last_used_at) on app.key_standing to gatehouse_app;

alter table app.account enable row level security;
alter table app.account force row level security;
create policy operators on app.account using ((select app.is_system())) with check ((select app.is_system()));
grant select, insert, update, delete on app.account to gatehouse_app;

alter table app.account_tenant enable row level security;
alter table app.account_tenant force row level security;
create policy operators on app.account_tenant using ((select app.is_system())) with check ((select app.is_system()));
create policy owner_registry on app.account_tenant to gatehouse_owner using (true) with check (true);
grant select, insert, update, delete on app.account_tenant to gatehouse_app;

alter table app.session enable row level security;
alter table app.session force row level security;
create policy operators on app.session using ((select app.is_system())) with check ((select app.is_system()));
grant select, insert, update, delete on app.session to gatehouse_app;

alter table app.sign_in_link enable row level security;
alter table app.sign_in_link force row level security;
create policy operators on app.sign_in_link using ((select app.is_system())) with check ((select app.is_system()));
grant select, insert, update, delete on app.sign_in_link to gatehouse_app;

alter table app.trusted_issuer enable row level security;
alter table app.trusted_issuer force row level security;
create policy operators on app.trusted_issuer using ((select app.is_system())) with check ((select app.is_system()));
grant select, insert, update, delete on app.trusted_issuer to gatehouse_app;
