drop table app.deployment_audit;
drop table app.audit;
