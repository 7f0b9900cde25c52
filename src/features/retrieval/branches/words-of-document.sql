-- How the words of a query place one document, :version_id: after asked.sql and score-all.sql, which read everything. One
-- row for each word looked up: how often it stands in the document's best passage, and in how many of its passages.
-- The rank is exact, and null where the search leaves the document out or the passage holds nothing.
best as materialized (
  select distinct on (s.version_id) s.version_id, s.chunk_id, s.score
  from scored s
  order by s.version_id, s.score desc, s.chunk_id
),
mine as (
  select b.chunk_id, b.score, (
    select 1 + count(*) from best o where o.score > b.score or (o.score = b.score and o.version_id < b.version_id)
  )::int as rank
  from best b
  where b.version_id = :version_id
),
-- Whatever the search was narrowed to. By the version's own postings: a long document has some thousands.
own as materialized (
  select p.chunk_id, a.term, p.tf,
    round(a.most * p.tf / (p.tf + 0.3::float8 + a.per_word * p.length)) as score
  from asked a
  join (
    select p.chunk_id, p.term, p.tf, p.length
    from app.posting p
    where p.tenant_id = :tenant_id and p.version_id = :version_id
    offset 0
  ) p on p.term = a.term
),
passage as (
  select p.chunk_id
  from (
    select m.chunk_id, true as is_ranked, m.score from mine m
    union all
    select o.chunk_id, false, sum(o.score) from own o group by o.chunk_id
  ) p
  order by p.is_ranked desc, p.score desc, p.chunk_id
  limit 1
)
select a.term, coalesce(o.tf, 0) as tf,
  (select count(*) from own e where e.term = a.term)::int as passages,
  m.rank, m.score / 1099511627776 as score, p.chunk_id,
  (select count(*) from best)::int as documents
from asked a
left join passage p on true
left join own o on o.chunk_id = p.chunk_id and o.term = a.term
left join mine m on true
order by a.df, a.term
