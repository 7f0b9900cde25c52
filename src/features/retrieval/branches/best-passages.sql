-- The :candidates best documents, each by its best passage: a long document must not crowd out the others. Parts:
-- `vectors` (whether the vector branch could have found the document), `tf`.
-- The best rows first, nearly always enough; all of them only when a few documents have taken these places.
top as materialized (
  select s.* from scored s order by s.score desc, s.version_id, s.chunk_id limit 4 * :candidates
),
crowded as materialized (
  select (select count(distinct t.version_id) from top t) < :candidates and (select count(*) from top) = 4 * :candidates
    as is_true
),
best as (
  select distinct on (s.version_id) s.version_id, s.chunk_id, s.matched, s.score
  from (
    select t.* from top t where not (select c.is_true from crowded c)
    union all
    select s.* from scored s where (select c.is_true from crowded c)
  ) s
  order by s.version_id, s.score desc, s.chunk_id
),
ranked as materialized (
  select (row_number() over (order by b.score desc, b.version_id))::int as rank,
    b.version_id, b.chunk_id, b.matched, b.score
  from best b
  order by b.score desc, b.version_id
  limit :candidates
)
select r.rank, r.score / 1099511627776 as score, document.*, chunk.*,
  array(select a.term from asked a where a.mask & r.matched <> 0 order by a.df, a.term) as terms,
  coalesce((select c.score from cited c where c.chunk_id = r.chunk_id), 0) / 1099511627776 as citation_score,     --? citations
  array(                                                                                             --? tf
    select p.tf                                                                                      --? tf
    from asked a                                                                                     --? tf
    cross join lateral (                                                                             --? tf
      select p.tf from app.posting p                                                                 --? tf
      where p.tenant_id = :tenant_id and p.term = a.term and p.chunk_id = r.chunk_id                 --? tf
      offset 0                                                                                       --? tf
    ) p                                                                                              --? tf
    where a.mask & r.matched <> 0                                                                    --? tf
    order by a.df, a.term                                                                            --? tf
  ) as tf,                                                                                           --? tf
  exists (select from app.vector_1 v where v.tenant_id = :tenant_id and v.version_id = r.version_id) as has_vector --? vectors
  false as has_vector                                                                                --? blind
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
