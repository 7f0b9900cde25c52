-- The task's rows go with it; its events and steps with their stream.
with old as (
  select id from app.task
  where tenant_id = :tenant_id and subject = :subject and finished_at < now() - :days * interval '1 day'
  order by finished_at limit :at_once for update skip locked
), gone as (
  delete from app.task where tenant_id = :tenant_id and id in (select id from old)
)
delete from app.journal_stream where tenant_id = :tenant_id and id in (select id from old)
