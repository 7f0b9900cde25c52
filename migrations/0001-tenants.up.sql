-- The tenants and the tenant seal: who a transaction belongs to, and how Postgres knows it was not made up.

-- Keys of the seal's HMAC, as the two precomputed SHA-256 pads. The application role has no right on this
-- table; only the functions below, which run as the owner, read it.
create table app.seal_key (
  id text primary key check (id ~ '^[a-z0-9]{1,16}$'),
  inner_pad bytea not null check (length(inner_pad) = 64),
  outer_pad bytea not null check (length(outer_pad) = 64),
  created_at timestamptz not null default now()
);

create table app.tenant (
  id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name text not null check (length(name) between 1 and 200),
  tier text not null default 'free' check (tier in ('free', 'pro', 'enterprise')),
  status text not null default 'provisioning' check (status in ('provisioning', 'active', 'removing')),
  created_at timestamptz not null default now()
);

-- Signatures only, failing closed: the bodies are src/platform/db/seal.fn.sql, applied after the migrations.
create function app.tenant_id() returns uuid language plpgsql stable
  as $$ begin raise exception 'the seal functions are not applied yet' using errcode = '42501'; end $$;
create function app.is_system() returns boolean language plpgsql stable
  as $$ begin raise exception 'the seal functions are not applied yet' using errcode = '42501'; end $$;

alter table app.tenant enable row level security;
alter table app.tenant force row level security;
-- The owner reads the registry without a seal: the seal's own check of a tenant's status runs as the owner.
create policy owner_registry on app.tenant to gatehouse_owner using (true) with check (true);
create policy own_row on app.tenant for select to gatehouse_app using (id = (select app.tenant_id()));
create policy operators on app.tenant to gatehouse_app
  using ((select app.is_system())) with check ((select app.is_system()));
grant select, insert on app.tenant to gatehouse_app;
grant update (name, tier, status) on app.tenant to gatehouse_app;
