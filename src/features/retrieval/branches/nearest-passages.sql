-- The :candidates best of `near`, with what is shown of them.
ranked as materialized (
  select (row_number() over (order by n.distance, n.version_id))::int as rank, 1 - n.distance as score,
    n.version_id, n.chunk_id
  from near n
  order by n.distance, n.version_id
  limit :candidates
)
select r.rank, r.score, document.*, chunk.*
from ranked r
-- By key, for the candidates alone; OFFSET 0 keeps it so.
cross join lateral (
  select d.id as document_id, d.title, d.language, d.current_version as version
  from app.document d
  where d.tenant_id = :tenant_id and d.current_version_id = r.version_id
  offset 0
) document
cross join lateral (
  select c.id as chunk_id, c.start_at, c.end_at, c.page, c.last_page, c.heading, c.content
  from app.chunk c
  where c.tenant_id = :tenant_id and c.id = r.chunk_id
  offset 0
) chunk
order by r.rank
