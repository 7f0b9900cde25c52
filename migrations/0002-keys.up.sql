-- Public halves of the token signing keys, and the tokens that were revoked before they expired.
-- Neither belongs to a tenant; both are seen under a system seal alone.

create table app.signing_key (
  kid text primary key check (kid ~ '^[A-Za-z0-9_-]{8,64}$'),
  public_jwk jsonb not null,
  status text not null check (status in ('active', 'retiring', 'retired')),
  created_at timestamptz not null default now(),
  -- Set when the key stops signing: tokens it signed are accepted until then.
  accepted_until timestamptz,
  check ((status = 'active') = (accepted_until is null))
);
create unique index one_active_signing_key on app.signing_key (status) where status = 'active';

create table app.token_revocation (
  token_id text primary key check (length(token_id) between 1 and 128),
  revoked_at timestamptz not null default now(),
  -- The token's own end; the row may go after it.
  expires_at timestamptz not null
);
-- Every process asks each second for what was revoked since it last asked.
create index token_revocation_newest on app.token_revocation (revoked_at);

alter table app.signing_key enable row level security;
alter table app.signing_key force row level security;
create policy operators on app.signing_key using ((select app.is_system())) with check ((select app.is_system()));
grant select, insert, update on app.signing_key to gatehouse_app;

alter table app.token_revocation enable row level security;
alter table app.token_revocation force row level security;
create policy operators on app.token_revocation using ((select app.is_system())) with check ((select app.is_system()));
grant select, insert, delete on app.token_revocation to gatehouse_app;
grant update (revoked_at, expires_at) on app.token_revocation to gatehouse_app;
