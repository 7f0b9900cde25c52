-- The vector branch for the documents that meet :conditions; as nearest.sql, which says why, but for what is marked.
with recursive
setting as materialized (
  select set_config('hnsw.ef_search', '100', true) is not null
    and set_config('hnsw.iterative_scan', 'relaxed_order', true) is not null
    and set_config('hnsw.max_scan_tuples', '20000', true) is not null
    and set_config('enable_sort', 'on', true) is not null as are_made
),
hidden as materialized (
  select h.version_id from app.hidden_version h where h.tenant_id = :tenant_id
  union all                                                                                          --? excluded
  select f.version_id                                                                                --? excluded
  from jsonb_to_recordset(:excluded::jsonb) as q (text text, pattern text)                           --? excluded
  cross join lateral app.phrase_chunks(:tenant_id, q.text, q.pattern) f                              --? excluded
),
matching as materialized (
  select m.version_id from app.matching_versions(:tenant_id, :conditions::jsonb) m where :embedding::halfvec is not null
),
-- Whether so few chunks are left that each is looked at, by the version index: 2,000 take some 2 ms. Both counts stop
-- where the answer is known.
few as materialized (
  select (select count(*) from (select from matching limit 2001) m) <= 2000
    and (select count(*) from (
      select from matching m
      cross join lateral (
        select from app.vector_1 v where v.tenant_id = :tenant_id and v.version_id = m.version_id offset 0
      ) v
      limit 2001
    ) v) <= 2000 as are_left
),
few_chunks as (
  select v.*
  from matching m
  cross join lateral (
    select v.version_id, v.chunk_id, v.embedding <=> :embedding::halfvec as distance
    from app.vector_1 v
    where v.tenant_id = :tenant_id and v.version_id = m.version_id
    offset 0
  ) v
  where (select f.are_left from few f) and v.version_id not in (select h.version_id from hidden h)
),
-- IS TRUE keeps the condition a look-up per row: as a join it would lose the order of the index.
scan as materialized (
  select (row_number() over ())::int as place, v.*
  from (
    select v.version_id, v.chunk_id, v.embedding <=> :embedding::halfvec as distance
    from app.vector_1 v
    where v.tenant_id = :tenant_id and :embedding::halfvec is not null and (select s.are_made from setting s)
      and v.version_id not in (select h.version_id from hidden h)
      and not (select f.are_left from few f)
      and (v.version_id in (select m.version_id from matching m)) is true
    order by v.embedding <=> :embedding::halfvec, v.version_id, v.chunk_id
    limit greatest(40 * :candidates, 2000)
  ) v
),
apart as (
  select s.version_id from scan s
  union
  select a.version_id from apart a where false
),
first as materialized (
  select (row_number() over ())::int as place, a.version_id
  from (select a.version_id from apart a limit :candidates) a
),
short as materialized (
  select (select count(*) from first) < :candidates
    and (select count(*) from first) < (select count(*) from matching) as is_true
),
exact as (
  select v.version_id, v.chunk_id, v.embedding <=> :embedding::halfvec as distance
  from app.vector_1 v
  where v.tenant_id = :tenant_id and :embedding::halfvec is not null and (select s.is_true from short s)
    and v.version_id not in (select h.version_id from hidden h)
    and not (select f.are_left from few f)
    and (v.version_id in (select m.version_id from matching m)) is true
),
near as (
  select distinct on (n.version_id) n.version_id, n.chunk_id, n.distance
  from (
    (select s.version_id, s.chunk_id, s.distance
     from scan s
     limit (select s.place from scan s
            where s.version_id = (select f.version_id from first f order by f.place desc limit 1) limit 1))
    union all
    select c.version_id, c.chunk_id, c.distance from few_chunks c
    union all
    select e.version_id, e.chunk_id, e.distance from exact e
  ) n
  where n.distance < 1
  order by n.version_id, n.distance, n.chunk_id
),
