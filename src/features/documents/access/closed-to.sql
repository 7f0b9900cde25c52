-- Whether the document is closed to :subject, asked by one who reads all. No row when there is no such document.
select d.access_id is not null and not exists (
    select from app.access_entry e
    where e.tenant_id = d.tenant_id and e.access_id = d.access_id
      and (e.kind = 'user' and e.member = :subject
        or e.kind = 'group' and exists (
          select from app.group_member g
          where g.tenant_id = d.tenant_id and g.user_id = :subject and g.group_id::text = e.member))
  ) as closed
from app.document d
where d.tenant_id = :tenant_id and (d.id = :document_id::uuid or d.external_id = :external_id::text)
