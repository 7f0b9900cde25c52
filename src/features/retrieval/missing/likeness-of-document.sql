-- How like a query's vector one document is, :version_id, and how many are nearer: exact, every vector is compared. Parts:
-- `conditions`, `phrases`, `excluded`. :embedding null asks only which of its passages have a vector.
with hidden as materialized (
  select h.version_id from app.hidden_version h where h.tenant_id = :tenant_id
  union all                                                                                          --? excluded
  select f.version_id                                                                                --? excluded
  from jsonb_to_recordset(:excluded::jsonb) as q (text text, pattern text)                           --? excluded
  cross join lateral app.phrase_chunks(:tenant_id, q.text, q.pattern) f                              --? excluded
),
matching as materialized (                                                                           --? conditions
  select m.version_id from app.matching_versions(:tenant_id, :conditions::jsonb) m                   --? conditions
),                                                                                                   --? conditions
quoting as materialized (                                                                            --? phrases
  select f.chunk_id                                                                                  --? phrases
  from jsonb_to_recordset(:phrases::jsonb) as q (text text, pattern text)                            --? phrases
  cross join lateral app.phrase_chunks(:tenant_id, q.text, q.pattern) f                              --? phrases
  group by f.chunk_id                                                                                --? phrases
  having count(*) = jsonb_array_length(:phrases::jsonb)                                              --? phrases
),                                                                                                   --? phrases
near as materialized (
  select v.version_id, min(v.embedding <=> :embedding::halfvec) as distance
  from app.vector_1 v
  where v.tenant_id = :tenant_id and :embedding::halfvec is not null
    and v.version_id not in (select h.version_id from hidden h)
    and v.version_id in (select m.version_id from matching m)                                        --? conditions
    and v.chunk_id in (select q.chunk_id from quoting q)                                             --? phrases
  group by v.version_id
),
mine as (
  select (
    select 1 + count(*) from near o
    where o.distance < n.distance or (o.distance = n.distance and o.version_id < n.version_id)
  )::int as rank
  from near n
  -- At a distance of 1 or more the branch finds nothing.
  where n.version_id = :version_id and n.distance < 1
),
-- Whatever the search was narrowed to.
own as materialized (
  select v.chunk_id, v.embedding <=> :embedding::halfvec as distance
  from app.vector_1 v
  where v.tenant_id = :tenant_id and v.version_id = :version_id
)
select 1 - (select min(o.distance) from own o) as similarity, (select m.rank from mine m) as rank,
  (select count(*) from near n where n.distance < 1)::int as documents,
  (select count(*) from own)::int as vectors,
  (select count(*) from app.chunk c where c.tenant_id = :tenant_id and c.version_id = :version_id)::int as passages,
  (select count(*) from app.pending_embedding e
   where e.tenant_id = :tenant_id and e.model_number = :model and e.version_id = :version_id)::int as pending
