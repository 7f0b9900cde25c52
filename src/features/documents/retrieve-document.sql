-- One document and the text of one of its versions; the current one when :version is null.
select d.id, d.external_id, d.title, d.format, d.labels, d.current_version, d.created_at, d.updated_at,
  v.version, v.content
from app.document d
left join app.document_version v
  on v.tenant_id = d.tenant_id and v.document_id = d.id and v.version = coalesce(:version::int, d.current_version)
where d.tenant_id = :tenant_id and d.id = :document_id
