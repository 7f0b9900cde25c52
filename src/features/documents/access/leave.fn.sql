-- Takes a user or a group off every access list of the tenant of the seal. Lists never change: documents move to the
-- list without it, whoever may read them. One that was open to nobody else is then open to those who read all.
create or replace function app.leave_access(leaving_kind text, leaving text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  tenant uuid := app.tenant_id();
  affected int[];
  old int;
  new int;
begin
  if tenant is null or not app.manages_people() then
    raise exception 'who manages people takes them off lists' using errcode = '42501';
  end if;
  affected := array(
    select e.access_id from app.access_entry e
    where e.tenant_id = tenant and e.kind = leaving_kind and e.member = leaving);
  if cardinality(affected) = 0 then return; end if;
  -- In the order of whoever sets a list: first the documents, then the lists.
  perform from app.document d where d.tenant_id = tenant and d.access_id = any(affected) order by d.id for update;
  foreach old in array affected loop
    new := app.intern_access(
      array(select e.member from app.access_entry e
        where e.tenant_id = tenant and e.access_id = old and e.kind = 'user'
          and not (leaving_kind = 'user' and e.member = leaving)),
      array(select e.member::uuid from app.access_entry e
        where e.tenant_id = tenant and e.access_id = old and e.kind = 'group'
          and not (leaving_kind = 'group' and e.member = leaving)));
    update app.document d set access_id = new where d.tenant_id = tenant and d.access_id = old;
  end loop;
  perform app.forget_unused_access();
end $$;

revoke all on function app.leave_access(text, text) from public;
grant execute on function app.leave_access(text, text) to gatehouse_app;
