drop index app.ledger_of_task;
delete from app.journal_stream s using app.task t where t.tenant_id = s.tenant_id and t.id = s.id;
drop table app.task_request, app.task_artifact_part, app.task_artifact, app.task_message, app.task, app.task_context;
drop function app.keep_ended_task();
