-- The vector branch: the :candidates nearest documents by exact cosine, each by its nearest chunk. Chunks without
-- a vector are not in the table. At a distance of 1 or more two texts have nothing in common.
-- :embedding null means the branch is not asked for.
with near as materialized (
  select v.document_id, min(v.embedding <=> :embedding::halfvec) as distance
  from app.vector_1 v
  where v.tenant_id = :tenant_id and :embedding::halfvec is not null
  group by v.document_id
  having min(v.embedding <=> :embedding::halfvec) < 1
  order by distance, v.document_id
  limit :candidates
),
ranked as materialized (
  select (row_number() over (order by n.distance, n.document_id))::int as rank, 1 - n.distance as score, n.document_id
  from near n
)
select r.rank, r.score, found.*
from ranked r
cross join lateral (
  select v.chunk_id
  from app.vector_1 v
  where v.tenant_id = :tenant_id and v.document_id = r.document_id
  order by v.embedding <=> :embedding::halfvec, v.chunk_id
  limit 1
) nearest
-- By key, for the candidates alone; OFFSET 0 keeps it so.
cross join lateral (
  select d.id as document_id, d.title, c.id as chunk_id, c.version, c.start_at, c.end_at, c.heading, c.content
  from app.chunk c
  join app.document d on d.tenant_id = :tenant_id and d.id = c.document_id
  where c.tenant_id = :tenant_id and c.id = nearest.chunk_id
  offset 0
) found
order by r.rank
