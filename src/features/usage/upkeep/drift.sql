-- The windows of a tenant that do not say what holds and ledger say; `spent` and `held` are what they should. One
-- statement sees one moment, and every writer changes all three in one transaction: what differs here has drifted.
select w.budget_id, w.member, w.starts_at, w.spent_nano, w.held_nano, truth.spent, truth.held
from app.budget_window w
  cross join lateral (
    select coalesce(sum(charged.nano), 0)::bigint as spent,
      coalesce(sum(h.held_nano) filter (where h.state in ('held', 'sent')), 0)::bigint as held
    from app.hold_window x
      join app.hold h on h.tenant_id = w.tenant_id and h.id = x.hold_id
      left join lateral (
        select sum(l.cost_nano) as nano from app.ledger l where l.tenant_id = w.tenant_id and l.hold_id = x.hold_id
      ) charged on true
    where x.tenant_id = w.tenant_id and x.budget_id = w.budget_id and x.member = w.member and x.starts_at = w.starts_at
  ) truth
where w.tenant_id = :tenant_id
  and (:since::timestamptz is null or w.ends_at is null or w.ends_at > :since::timestamptz)
  and (:budget_id::uuid is null
    or (w.budget_id = :budget_id::uuid and w.member = :member and w.starts_at = :starts_at::timestamptz))
  and (w.spent_nano, w.held_nano) is distinct from (truth.spent, truth.held)
order by w.budget_id, w.member, w.starts_at
