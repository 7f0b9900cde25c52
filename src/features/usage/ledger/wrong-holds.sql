-- Settled holds whose charge is gone, and those of which more was given back than charged.
select h.id, h.step, l.nano
from app.hold h
  left join (
    select hold_id, sum(cost_nano) as nano, count(*) filter (where kind = 'charge') as charges
    from app.ledger where tenant_id = :tenant_id group by hold_id
  ) l on l.hold_id = h.id
where h.tenant_id = :tenant_id and h.state = 'settled' and (coalesce(l.charges, 0) <> 1 or l.nano < 0)
order by h.id limit :limit
