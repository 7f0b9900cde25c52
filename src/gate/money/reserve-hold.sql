-- Reserves what a call may cost at most; see app.reserve_hold.
select outcome, state, held_nano, budget_id, scope, member, period, limit_nano, spent_nano, other_holds_nano, resets_at,
  action, degrade_to, next_tier
from app.reserve_hold(:id, :step_key, :proof_hash, :call::jsonb, :at_least, :at_most, make_interval(secs => :lifetime_s))
