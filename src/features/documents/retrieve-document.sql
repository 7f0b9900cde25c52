-- One document and one of its versions, the current one when :version is null; its text is read apart, by version.
select d.id, d.external_id, d.title, d.name, d.file_type, d.language, d.labels, d.collection, d.metadata,
  d.current_version, d.created_at, d.updated_at,
  v.id as version_id, v.version, v.title as version_title, v.format, v.characters, v.page_starts, v.warnings
from app.document d
left join app.document_version v
  on v.tenant_id = d.tenant_id and v.document_id = d.id and v.version = coalesce(:version::int, d.current_version)
where d.tenant_id = :tenant_id and d.id = :document_id
