-- The list of a document: its users, and its groups by name where they have one that is no id.
select d.access_id is not null as closed,
  array(
    select e.member from app.access_entry e
    where e.tenant_id = d.tenant_id and e.access_id = d.access_id and e.kind = 'user'
    order by 1) as users,
  array(
    select case when g.name is null or g.name ~* '^[0-9a-f-]{36}$' then e.member else g.name end
    from app.access_entry e
    left join app.user_group g on g.tenant_id = e.tenant_id and g.id::text = e.member
    where e.tenant_id = d.tenant_id and e.access_id = d.access_id and e.kind = 'group'
    order by 1) as groups
from app.document d
where d.tenant_id = :tenant_id and d.id = :document_id
