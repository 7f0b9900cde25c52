-- As score-all.sql, for large tenants: without reading the postings of words that cannot change the first :exact
-- documents (MaxScore, Turtle and Flood 1995). Those come as from there. Of the documents after them some may be missing,
-- or come by another passage than their best; none of them would score above the last of the first.
ordered as materialized (
  select a.*,
    -- The rarest words are read in full, whatever they give.
    sum(a.df) over (order by a.df, a.term) <= 500 or row_number() over (order by a.df, a.term) = 1 as leads,
    -- What this word and the more common ones together could give at most.
    sum(a.most) over (order by a.df desc, a.term desc) as rest
  from asked a
),
first as materialized (
  select x.chunk_id, any_value(x.version_id) as version_id, bit_or(x.mask) as matched, sum(x.score) as score
  from (
    select p.chunk_id, p.version_id, a.mask,
      round(a.most * p.tf / (p.tf + 0.3::float8 + a.per_word * p.length)) as score
    from ordered a
    cross join lateral (
      select p.version_id, p.chunk_id, p.tf, p.length
      from app.posting p
      where p.tenant_id = :tenant_id and p.term = a.term
      offset 0
    ) p
    where a.leads
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
-- What :exact documents have already; a document below it in the end is not among the first.
first_floor as materialized (
  select coalesce((
    select max(b.score) as score
    from (select f.version_id, f.score from first f order by f.score desc limit 4 * :exact) b
    group by b.version_id
    order by score desc
    offset :exact - 1 limit 1), 0) as score
),
-- Words that could lift a document above the floor all by themselves are read in full too.
left_out as materialized (
  select a.* from ordered a where not a.leads and a.rest < (select f.score from first_floor f)
),
second as materialized (
  select x.chunk_id, any_value(x.version_id) as version_id, bit_or(x.mask) as matched, sum(x.score) as score
  from (
    select f.chunk_id, f.version_id, f.matched as mask, f.score from first f
    union all
    select p.chunk_id, p.version_id, a.mask,
      round(a.most * p.tf / (p.tf + 0.3::float8 + a.per_word * p.length)) as score
    from ordered a
    cross join lateral (
      select p.version_id, p.chunk_id, p.tf, p.length
      from app.posting p
      where p.tenant_id = :tenant_id and p.term = a.term
      offset 0
    ) p
    where not a.leads and a.rest >= (select f.score from first_floor f)
      and p.version_id not in (select h.version_id from hidden h)
      and p.version_id in (select m.version_id from matching m)                                      --? conditions
      and p.chunk_id in (select q.chunk_id from quoting q)                                           --? phrases
      and p.version_id not in (select e.version_id from excluded e)                                  --? excluded
  ) x
  group by x.chunk_id
),
second_floor as materialized (
  select coalesce((
    select max(b.score) as score
    from (select s.version_id, s.score from second s order by s.score desc limit 4 * :exact) b
    group by b.version_id
    order by score desc
    offset :exact - 1 limit 1), 0) as score
),
promising as materialized (
  select s.*
  from second s
  where s.score + coalesce((select max(l.rest) from left_out l), 0) >= (select f.score from second_floor f)
),
-- What the words left out add to the promising: looked up one by one (some 2 µs each), or read word by word (0.15 µs a
-- posting), whichever is less.
one_by_one as materialized (
  select 12 * (select count(*) from promising) * count(*) <= coalesce(sum(l.df), 0) as is_less from left_out l
),
added as (
  select x.chunk_id, bit_or(x.mask) as matched, sum(x.score) as score
  from (
    select c.chunk_id, a.mask, round(a.most * p.tf / (p.tf + 0.3::float8 + a.per_word * p.length)) as score
    from promising c
    cross join left_out a
    cross join lateral (
      select p.tf, p.length
      from app.posting p
      where p.tenant_id = :tenant_id and p.term = a.term and p.chunk_id = c.chunk_id
      offset 0
    ) p
    where (select o.is_less from one_by_one o)
    union all
    select p.chunk_id, a.mask, round(a.most * p.tf / (p.tf + 0.3::float8 + a.per_word * p.length)) as score
    from left_out a
    cross join lateral (
      select p.chunk_id, p.tf, p.length
      from app.posting p
      where p.tenant_id = :tenant_id and p.term = a.term
      offset 0
    ) p
    where not (select o.is_less from one_by_one o) and p.chunk_id in (select c.chunk_id from promising c)
  ) x
  group by x.chunk_id
),
scored as materialized (
  select c.chunk_id, c.version_id, c.matched | coalesce(d.matched, 0) as matched, c.score + coalesce(d.score, 0) as score
  from promising c
  left join added d on d.chunk_id = c.chunk_id
),
