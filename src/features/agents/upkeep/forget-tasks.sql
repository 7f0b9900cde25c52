-- Streams first, in the order of whoever changes a task; a task's rows go with it, and its context with its last task.
with old as (
  select id from app.task
  where tenant_id = :tenant_id and finished_at < now() - :days * interval '1 day'
  order by finished_at limit :at_once
), streams as (
  delete from app.journal_stream where tenant_id = :tenant_id and id in (select id from old)
), gone as (
  delete from app.task where tenant_id = :tenant_id and id in (select id from old)
), contexts as (
  delete from app.task_context c
  where c.tenant_id = :tenant_id and c.created_at < now() - :days * interval '1 day'
    and not exists (select from app.task t where t.tenant_id = c.tenant_id and t.context_id = c.id)
)
select count(*)::int as forgotten from old
