-- How many passages of documents have no vector yet, for the model that answers searches; of the documents that the caller
-- can read, in their current versions.
select d.id as document_id,
  (select count(*) from app.chunk c
   where c.tenant_id = :tenant_id and c.version_id = d.current_version_id)::int as passages,
  coalesce(p.pending, 0)::int as pending, p.reason
from app.document d
left join lateral (
  select count(*) as pending, max(e.reason) as reason
  from app.pending_embedding e
  join app.embedding_model m on m.number = e.model_number and m.state = 'serving'
  where e.tenant_id = :tenant_id and e.version_id = d.current_version_id
) p on true
where d.tenant_id = :tenant_id and d.id = any(:documents::uuid[])
order by d.id
