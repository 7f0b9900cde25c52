-- Every passage that holds a word of the query, and its score: exact Okapi BM25 by this tenant's statistics alone.
scored as materialized (
  select x.chunk_id, any_value(x.version_id) as version_id, bit_or(x.mask) as matched, sum(x.score) as score
  from (
    -- OFFSET 0 keeps this a lookup per word in the posting index: never a join that reads the whole tenant, whatever
    -- the planner guesses.
    select p.chunk_id, p.version_id, a.mask,
      round(a.most * p.tf / (p.tf + 0.3::float8 + a.per_word * p.length)) as score
    from asked a
    cross join lateral (
      select p.version_id, p.chunk_id, p.tf, p.length
      from app.posting p
      where p.tenant_id = :tenant_id and p.term = a.term
      offset 0
    ) p
    union all select c.chunk_id, c.version_id, 0, c.score from cited c                               --? citations
    -- A phrase of stop words scores nothing, and is found all the same.                             --? phrases
    union all select q.chunk_id, q.version_id, 0, 0 from quoting q                                   --? phrases
  ) x
  where x.version_id not in (select h.version_id from hidden h)
    and x.version_id in (select m.version_id from matching m)                                        --? conditions
    and x.chunk_id in (select q.chunk_id from quoting q)                                             --? phrases
    and x.version_id not in (select e.version_id from excluded e)                                    --? excluded
  group by x.chunk_id
),
