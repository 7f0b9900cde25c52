-- The vector branch: the :candidates nearest documents by exact cosine, each by its nearest chunk. Chunks without
-- a vector are not in the table. At a distance of 1 or more two texts have nothing in common.
-- :embedding null means the branch is not asked for.
with near as materialized (
  select v.version_id, min(v.embedding <=> :embedding::halfvec) as distance
  from app.vector_1 v
  where v.tenant_id = :tenant_id and :embedding::halfvec is not null
    and v.version_id not in (select h.version_id from app.hidden_version h where h.tenant_id = :tenant_id)
    and (:conditions::jsonb is null
      or v.version_id in (select m.version_id from app.matching_versions(:tenant_id, :conditions::jsonb) m))
  group by v.version_id
  having min(v.embedding <=> :embedding::halfvec) < 1
  order by distance, v.version_id
  limit :candidates
),
ranked as materialized (
  select (row_number() over (order by n.distance, n.version_id))::int as rank, 1 - n.distance as score, n.version_id
  from near n
)
select r.rank, r.score, document.*, chunk.*
from ranked r
cross join lateral (
  select v.chunk_id
  from app.vector_1 v
  where v.tenant_id = :tenant_id and v.version_id = r.version_id
  order by v.embedding <=> :embedding::halfvec, v.chunk_id
  limit 1
) nearest
-- By key, for the candidates alone; OFFSET 0 keeps it so.
cross join lateral (
  select d.id as document_id, d.title, d.current_version as version
  from app.document d
  where d.tenant_id = :tenant_id and d.current_version_id = r.version_id
  offset 0
) document
cross join lateral (
  select c.id as chunk_id, c.start_at, c.end_at, c.page, c.last_page, c.heading, c.content
  from app.chunk c
  where c.tenant_id = :tenant_id and c.id = nearest.chunk_id
  offset 0
) chunk
order by r.rank
