-- Rows of a ledger in order of arrival, each with the hold that it settles.
select l.id, l.sequence, l.chained_as, l.kind, l.basis, l.usage, l.per_million, l.cost_nano, l.uncharged_nano,
  h.held_nano as hold_nano, h.state as hold_state
from app.ledger l left join app.hold h on h.tenant_id = l.tenant_id and h.id = l.hold_id
where l.tenant_id = :tenant_id and l.sequence > :after
order by l.sequence limit :limit
