-- The time as text: of a Date the microseconds would be lost, and tasks with them. The page and the count are asked apart:
-- the page is read off its index, however many there are.
select t.id, t.status_at::text as at, (
  select count(*) from app.task c
  where c.tenant_id = :tenant_id and c.subject = :subject
    and (:context_id::uuid is null or c.context_id = :context_id::uuid)
    and (:state::text is null or c.state = :state)
    and (:since::timestamptz is null or c.status_at >= :since::timestamptz)) as total
from app.task t
where t.tenant_id = :tenant_id and t.subject = :subject
  and (:context_id::uuid is null or t.context_id = :context_id::uuid)
  and (:state::text is null or t.state = :state)
  and (:since::timestamptz is null or t.status_at >= :since::timestamptz)
  and (:before_at::timestamptz is null or (t.status_at, t.id) < (:before_at::timestamptz, :before_id::uuid))
order by t.status_at desc, t.id desc
limit :limit
