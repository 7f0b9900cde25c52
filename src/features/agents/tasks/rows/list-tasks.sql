-- The time as text: of a Date the microseconds would be lost, and tasks with them.
with mine as (
  select id, status_at from app.task
  where tenant_id = :tenant_id and subject = :subject
    and (:context_id::uuid is null or context_id = :context_id::uuid)
    and (:state::text is null or state = :state)
    and (:since::timestamptz is null or status_at >= :since::timestamptz)
)
select id, status_at::text as at, (select count(*) from mine) as total
from mine
where :before_at::timestamptz is null or (status_at, id) < (:before_at::timestamptz, :before_id::uuid)
order by status_at desc, id desc
limit :limit
