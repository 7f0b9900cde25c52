-- The next chunks of a tenant that a model has no vector of, in the order of their ids, with the text a vector is made
-- of: a passage is understood under its title and headings, as the lexical index counts it. Versions that are being
-- built or removed wait. A chunk that is gone has no text (null): its row is to be cleared away.
select p.chunk_id, p.version_id,
  case when c.id is not null then v.title || E'\n' || c.heading || E'\n' || c.content end as text
from app.pending_embedding p
left join app.chunk c on c.tenant_id = :tenant_id and c.id = p.chunk_id
left join app.document_version v on v.tenant_id = :tenant_id and v.id = c.version_id
where p.tenant_id = :tenant_id and p.model_number = :model_number and p.attempts < :attempts and p.chunk_id > :after
  and p.version_id not in (select h.version_id from app.hidden_version h where h.tenant_id = :tenant_id)
  and (c.id is null or v.id is not null)
order by p.chunk_id
limit :limit
