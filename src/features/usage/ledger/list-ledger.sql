-- The linked rows of a ledger in the order of its chain, up to the place where the chain ended when the first page was read:
-- places never change, so no page shifts.
select l.id, l.chained_as, l.at, l.kind, l.hold_id, h.subject as "user", l.subject as written_by, l.key_id, l.model, l.operation,
  l.task, l.step, l.label, l.usage, l.per_million, l.price_version, l.cost_nano, l.basis, l.uncharged_nano, l.note, l.chain_hash
from app.ledger l join app.hold h on h.tenant_id = l.tenant_id and h.id = l.hold_id
where l.tenant_id = :tenant_id and l.chained_as > :after and l.chained_as <= :until
  and (:starts::timestamptz is null or l.at >= :starts::timestamptz)
  and (:ends::timestamptz is null or l.at < :ends::timestamptz)
order by l.chained_as limit :limit
