-- The vector branch for passages that hold every one of :phrases: there are few, and each is compared.
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
quoting as materialized (
  select f.version_id, f.chunk_id
  from jsonb_to_recordset(:phrases::jsonb) as q (text text, pattern text)
  cross join lateral app.phrase_chunks(:tenant_id, q.text, q.pattern) f
  where :embedding::halfvec is not null
    and f.version_id not in (select h.version_id from hidden h)
    and f.version_id in (select m.version_id from matching m)                                        --? conditions
  group by f.version_id, f.chunk_id
  having count(*) = jsonb_array_length(:phrases::jsonb)
),
near as (
  select distinct on (q.version_id) q.version_id, q.chunk_id, v.distance
  from quoting q
  cross join lateral (
    select v.embedding <=> :embedding::halfvec as distance
    from app.vector_1 v
    where v.tenant_id = :tenant_id and v.chunk_id = q.chunk_id
    offset 0
  ) v
  -- nearest.sql does so too, which see.
  where v.distance < 1 and set_config('enable_sort', 'on', true) is not null
  order by q.version_id, v.distance, q.chunk_id
),
