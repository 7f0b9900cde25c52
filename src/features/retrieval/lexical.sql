-- The lexical branch: the :candidates best documents by exact Okapi BM25 (k1 1.2, b 0.75), each by its best chunk.
-- A query word counts once, however often it is written. Statistics are this tenant's alone.
with asked as materialized (
  select t.term, t.df, t.mask,
    ln(1 + (c.chunks - t.df + 0.5::float8) / (t.df + 0.5::float8)) as idf,
    c.total_length::float8 / c.chunks as average_length
  from app.query_terms(:tenant_id, :query) t
  join app.corpus_stat c on c.tenant_id = :tenant_id
),
scored as (
  select p.document_id, p.chunk_id, bit_or(a.mask) as matched,
    -- Summed in units of 2^-40: whole numbers give the same sum in any order, so no change of plan moves a score.
    sum((1099511627776 * a.idf * p.tf * 2.2::float8
      / (p.tf + 1.2::float8 * (0.25::float8 + 0.75::float8 * p.length / a.average_length)))::bigint)::float8
      / 1099511627776 as score
  from asked a
  -- OFFSET 0 keeps this a lookup per word in the posting index: never a join that reads the whole tenant, whatever
  -- the planner guesses.
  cross join lateral (
    select p.document_id, p.chunk_id, p.tf, p.length
    from app.posting p
    where p.tenant_id = :tenant_id and p.term = a.term
    offset 0
  ) p
  group by p.document_id, p.chunk_id
),
-- One row per document before the limit: a long document must not crowd out the others.
best as (
  select distinct on (s.document_id) s.document_id, s.chunk_id, s.matched, s.score
  from scored s
  order by s.document_id, s.score desc, s.chunk_id
),
ranked as materialized (
  select (row_number() over (order by b.score desc, b.document_id))::int as rank, b.*
  from best b
  order by b.score desc, b.document_id
  limit :candidates
)
select r.rank, r.score, found.*,
  array(select a.term from asked a where a.mask & r.matched <> 0 order by a.df, a.term) as terms,
  exists (select from app.vector_1 v where v.tenant_id = :tenant_id and v.document_id = r.document_id) as has_vector
from ranked r
-- By key, for the candidates alone; OFFSET 0 keeps it so.
cross join lateral (
  select d.id as document_id, d.title, c.id as chunk_id, c.version, c.start_at, c.end_at, c.heading, c.content
  from app.chunk c
  join app.document d on d.tenant_id = :tenant_id and d.id = c.document_id
  where c.tenant_id = :tenant_id and c.id = r.chunk_id
  offset 0
) found
order by r.rank
