-- The lexical branch: the :candidates best documents by exact Okapi BM25 (k1 1.2, b 0.75), each by its best chunk.
-- A query word counts once, however often it is written. Statistics are this tenant's alone. A document is known by
-- its current version, the only one that is not hidden.
with asked as materialized (
  select t.term, t.df, t.mask,
    ln(1 + (c.chunks - t.df + 0.5::float8) / (t.df + 0.5::float8)) as idf,
    c.total_length::float8 / c.chunks as average_length
  from app.query_terms(:tenant_id, :query) t
  join app.corpus_stat c on c.tenant_id = :tenant_id
),
scored as (
  select p.version_id, p.chunk_id, bit_or(a.mask) as matched,
    -- Summed in units of 2^-40: whole numbers give the same sum in any order, so no change of plan moves a score.
    sum((1099511627776 * a.idf * p.tf * 2.2::float8
      / (p.tf + 1.2::float8 * (0.25::float8 + 0.75::float8 * p.length / a.average_length)))::bigint)::float8
      / 1099511627776 as score
  from asked a
  -- OFFSET 0 keeps this a lookup per word in the posting index: never a join that reads the whole tenant, whatever
  -- the planner guesses.
  cross join lateral (
    select p.version_id, p.chunk_id, p.tf, p.length
    from app.posting p
    where p.tenant_id = :tenant_id and p.term = a.term
    offset 0
  ) p
  -- Both sets are built once: the first is nearly always empty.
  where p.version_id not in (select h.version_id from app.hidden_version h where h.tenant_id = :tenant_id)
    and (:conditions::jsonb is null
      or p.version_id in (select m.version_id from app.matching_versions(:tenant_id, :conditions::jsonb) m))
  group by p.version_id, p.chunk_id
),
-- One row per document before the limit: a long document must not crowd out the others.
best as (
  select distinct on (s.version_id) s.version_id, s.chunk_id, s.matched, s.score
  from scored s
  order by s.version_id, s.score desc, s.chunk_id
),
ranked as materialized (
  select (row_number() over (order by b.score desc, b.version_id))::int as rank, b.*
  from best b
  order by b.score desc, b.version_id
  limit :candidates
)
select r.rank, r.score, document.*, chunk.*,
  array(select a.term from asked a where a.mask & r.matched <> 0 order by a.df, a.term) as terms,
  exists (select from app.vector_1 v where v.tenant_id = :tenant_id and v.version_id = r.version_id) as has_vector
from ranked r
-- By key, for the candidates alone; OFFSET 0 keeps it so.
cross join lateral (
  select d.id as document_id, d.title, d.current_version as version
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
