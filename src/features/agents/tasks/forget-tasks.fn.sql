-- Nothing of a user's tasks is left when the user is removed: whoever gets the id next is somebody else. The owner's, since
-- whoever removes a user does not see that user's tasks. A run that is under way finds its stream gone, and stops.
create or replace function app.forget_tasks_of(leaving text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  tenant uuid := app.tenant_id();
begin
  if tenant is null or not app.manages_people() then
    raise exception 'who manages people forgets their tasks' using errcode = '42501';
  end if;
  -- In the order of whoever changes a task: first its stream.
  delete from app.journal_stream s using app.task t
    where s.tenant_id = tenant and t.tenant_id = tenant and t.id = s.id and t.subject = leaving;
  delete from app.task t where t.tenant_id = tenant and t.subject = leaving;
  delete from app.task_context c where c.tenant_id = tenant and c.subject = leaving;
end $$;
revoke all on function app.forget_tasks_of(text) from public;
grant execute on function app.forget_tasks_of(text) to gatehouse_app;
