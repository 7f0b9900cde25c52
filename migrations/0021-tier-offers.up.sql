-- What a tier is offered for. The price is shown and never charged: this server bills nobody.
alter table app.tier
  -- Nano-USD a month; null: nobody has said.
  add column price_nano bigint check (price_nano >= 0),
  -- Whether tenants of the tier before it may move into it by themselves (app.move_to_next_tier).
  add column is_self_service boolean not null default false;
