drop index app.deployment_audit_unchained, app.deployment_audit_chain;
drop policy owner_registry on app.deployment_audit;
drop table app.deployment_audit_head, app.audit_head;
drop index app.audit_unchained, app.audit_chain;
-- Without its head a chain means nothing: it is made anew.
alter table app.audit no force row level security;
alter table app.deployment_audit no force row level security;
update app.audit set chained_as = null, chain_hash = null where chained_as is not null;
update app.deployment_audit set chained_as = null, chain_hash = null where chained_as is not null;
alter table app.audit force row level security;
alter table app.deployment_audit force row level security;
