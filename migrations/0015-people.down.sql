drop table app.trusted_issuer, app.sign_in_link, app.session, app.account_tenant, app.account;
drop table app.api_key, app.key_standing, app.invitation, app.group_member, app.user_group, app.tenant_user, app.user_standing;
drop function app.note_user_standing(), app.note_key_standing(), app.manages_people(), app.subject();
alter table app.tenant drop column changed_at;
-- A suspended tenant was not active before this existed; it does not become so by going back.
update app.tenant set status = 'provisioning' where status = 'suspended';
alter table app.tenant drop constraint tenant_status_check;
alter table app.tenant add constraint tenant_status_check check (status in ('provisioning', 'active', 'removing'));
