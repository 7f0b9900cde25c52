drop table app.tenant;
drop table app.seal_key;
drop function app.tenant_id();
drop function app.is_system();
drop function if exists app.open_seal();
