revoke select (monitor_on) on pgboss.queue from gatehouse_app;
revoke select (name, state, source_name) on pgboss.job_common from gatehouse_app;
drop table app.isolation_check;
