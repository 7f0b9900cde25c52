drop index app.ledger_of_task;
-- Forced, the policies would show the owner no row to delete.
alter table app.journal_stream no force row level security;
alter table app.task no force row level security;
delete from app.journal_stream s using app.task t where t.tenant_id = s.tenant_id and t.id = s.id;
alter table app.journal_stream force row level security;
drop table app.task_request, app.task_artifact_part, app.task_artifact, app.task_message, app.task, app.task_context;
drop function app.keep_ended_task();
