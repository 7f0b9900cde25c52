-- The queues as they stand. Jobs that were given up lie among the dead letters, with the queue they came from.
select q.name,
  count(j.id) filter (where j.state < 'active' and j.start_after <= now())::int as waiting,
  count(j.id) filter (where j.state < 'active' and j.start_after > now())::int as put_off,
  count(j.id) filter (where j.state = 'active')::int as running,
  (select count(*) from pgboss.job_common d where d.name = 'dead_letter' and d.source_name = q.name)::int as failed,
  extract(epoch from now() - min(j.start_after) filter (where j.state < 'active' and j.start_after <= now()))::float8
    as oldest_seconds
from pgboss.queue q
  left join pgboss.job_common j on j.name = q.name and j.state <= 'active'
where q.name <> 'dead_letter'
group by q.name
order by q.name
