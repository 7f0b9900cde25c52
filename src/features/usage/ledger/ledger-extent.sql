-- How far a ledger goes: where its chain ends, what is not linked yet, and what there is of the days asked for.
select h.chained_as, h.chain_hash,
  (select count(*)::int from app.ledger where tenant_id = :tenant_id and chained_as is null) as open_rows,
  (select min(at) from app.ledger where tenant_id = :tenant_id and chained_as is null) as open_since,
  t.rows, t.sum_nano
from (select count(*)::int as rows, coalesce(sum(cost_nano), 0) as sum_nano from app.ledger
    where tenant_id = :tenant_id and chained_as is not null
      and (:starts::timestamptz is null or at >= :starts::timestamptz)
      and (:ends::timestamptz is null or at < :ends::timestamptz)) t
  left join app.ledger_head h on h.tenant_id = :tenant_id
