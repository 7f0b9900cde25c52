-- The vector branch without a filter: the :candidates nearest documents by cosine, each by its nearest chunk. Chunks
-- without a vector are not in the table. At a distance of 1 or more two texts have nothing in common.
-- :embedding null means the branch is not asked for.
with recursive
-- Made before `scan` begins, for this transaction. Iterative: the index goes on until enough rows pass the conditions.
-- Sorting was forbidden for the planner's sake (see preferIndex) and is allowed again.
setting as materialized (
  select set_config('hnsw.ef_search', '100', true) is not null
    and set_config('hnsw.iterative_scan', 'relaxed_order', true) is not null
    and set_config('hnsw.max_scan_tuples', '20000', true) is not null
    and set_config('enable_sort', 'on', true) is not null as are_made
),
-- Versions that are not to be found, and those that hold an excluded phrase.
hidden as materialized (
  select h.version_id from app.hidden_version h where h.tenant_id = :tenant_id
  union all                                                                                          --? excluded
  select f.version_id                                                                                --? excluded
  from jsonb_to_recordset(:excluded::jsonb) as q (text text, pattern text)                           --? excluded
  cross join lateral app.phrase_chunks(:tenant_id, q.text, q.pattern) f                              --? excluded
),
-- Chunks by distance: out of the index where there is one, else all of them, sorted. Nobody reads further than he has
-- to, so the limit is what the index is asked for at most, before looking at everything is cheaper.
scan as materialized (
  select (row_number() over ())::int as place, v.*
  from (
    select v.version_id, v.chunk_id, v.embedding <=> :embedding::halfvec as distance
    from app.vector_1 v
    where v.tenant_id = :tenant_id and :embedding::halfvec is not null and (select s.are_made from setting s)
      and v.version_id not in (select h.version_id from hidden h)
    order by v.embedding <=> :embedding::halfvec, v.version_id, v.chunk_id
    limit greatest(40 * :candidates, 2000)
  ) v
),
-- The versions as they appear, each once. UNION passes a row on when it is new, so the scan ends with the last
-- document that is wanted, however many chunks of the others lie before it.
apart as (
  select s.version_id from scan s
  union
  select a.version_id from apart a where false
),
first as materialized (
  select (row_number() over ())::int as place, a.version_id
  from (select a.version_id from apart a limit :candidates) a
),
-- Fewer documents than are wanted and there: the chunks of a few documents have filled the scan, or too many are
-- hidden. Then, and only then, everything is compared.
short as materialized (
  select (select count(*) from first) < :candidates
    and (select count(*) from first) < (select sum(l.documents) from app.corpus_language l where l.tenant_id = :tenant_id) as is_true
),
exact as (
  select v.version_id, v.chunk_id, v.embedding <=> :embedding::halfvec as distance
  from app.vector_1 v
  where v.tenant_id = :tenant_id and :embedding::halfvec is not null and (select s.is_true from short s)
    and v.version_id not in (select h.version_id from hidden h)
),
near as (
  select distinct on (n.version_id) n.version_id, n.chunk_id, n.distance
  from (
    (select s.version_id, s.chunk_id, s.distance
     from scan s
     -- As far as it was read.
     limit (select s.place from scan s
            where s.version_id = (select f.version_id from first f order by f.place desc limit 1) limit 1))
    union all
    select e.version_id, e.chunk_id, e.distance from exact e
  ) n
  where n.distance < 1
  order by n.version_id, n.distance, n.chunk_id
),
