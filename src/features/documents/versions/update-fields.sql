-- Sets the fields that are given (has_…) and differ; touches no row when none does.
update app.document d
set name = n.name, labels = n.labels, collection = n.collection, metadata = n.metadata,
  file_type = n.file_type, language = n.language, updated_at = now()
from (
  select d.id,
    case when :has_name::boolean then :name::text else d.name end as name,
    case when :has_labels::boolean then :labels::text[] else d.labels end as labels,
    case when :has_collection::boolean then :collection::text else d.collection end as collection,
    coalesce(:metadata::jsonb, d.metadata) as metadata, :file_type::text as file_type, :language::text as language
  from app.document d
  where d.tenant_id = :tenant_id and d.id = :document_id
) n
where d.tenant_id = :tenant_id and d.id = n.id
  and (d.name, d.labels, d.collection, d.metadata, d.file_type, d.language)
    is distinct from (n.name, n.labels, n.collection, n.metadata, n.file_type, n.language)
