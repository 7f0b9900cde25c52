-- The document whose current version was read from this very file, with nothing given that differs, and nothing else of
-- it on its way: bringing the file again changes nothing.
select d.id, d.current_version as version
from app.document d
join app.document_version v on v.tenant_id = d.tenant_id and v.id = d.current_version_id
where d.tenant_id = :tenant_id and (d.id = :document_id::uuid or d.external_id = :external_id::text)
  and v.source_hash = :source_hash
  and (:name::text is null or d.name = :name::text)
  and (:title::text is null or d.title = :title::text)
  and (:language::text is null or d.language = :language::text)
  and (:labels::text[] is null or d.labels = :labels::text[])
  and (:collection::text is null or d.collection = :collection::text)
  and (:metadata::jsonb is null or d.metadata = :metadata::jsonb)
  and not exists (
    select from app.ingestion i
    where i.tenant_id = :tenant_id and i.state in ('queued', 'running')
      and (i.document_id = d.id or i.request ->> 'externalId' = d.external_id))
