-- Takes a version's chunks out of the statistics of its tenant. Under the corpus lock, while the chunks are there.
with corpus as (
  update app.corpus_stat s
  set chunks = s.chunks - gone.chunks, total_length = s.total_length - gone.total_length
  from (
    select count(*) as chunks, coalesce(sum(c.length), 0) as total_length
    from app.chunk c
    where c.tenant_id = :tenant_id and c.version_id = :version_id
  ) gone
  where s.tenant_id = :tenant_id
),
spoken as (
  update app.corpus_language l
  set documents = l.documents - 1
  where l.tenant_id = :tenant_id and l.language = :language
),
left_over as materialized (
  select s.term, s.df - gone.chunks as df
  from (
    select p.term, count(*) as chunks
    from app.posting p
    where p.tenant_id = :tenant_id and p.version_id = :version_id
    group by p.term
  ) gone
  join app.term_stat s on s.tenant_id = :tenant_id and s.term = gone.term
  order by s.term
  for update of s
),
updated as (
  update app.term_stat s
  set df = l.df
  from left_over l
  where s.tenant_id = :tenant_id and s.term = l.term and l.df > 0
)
delete from app.term_stat s
using left_over l
where s.tenant_id = :tenant_id and s.term = l.term and l.df = 0
