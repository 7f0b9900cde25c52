drop function app.define_queue(text, jsonb);
revoke usage on schema pgboss from gatehouse_app, gatehouse_worker;
drop table pgboss.job_dependency, pgboss.queue_stats, pgboss.warning, pgboss.job, pgboss.bam, pgboss.subscription,
  pgboss.schedule, pgboss.queue, pgboss.version;
drop function pgboss.create_queue(text, jsonb), pgboss.delete_queue(text), pgboss.job_now(),
  pgboss.job_table_format(text, text), pgboss.job_table_run(text, text, text),
  pgboss.job_table_run_async(text, int, text, text, text);
drop type pgboss.job_state;
