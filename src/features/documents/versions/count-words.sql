-- Adds a version's chunks to the statistics of its tenant. Under the corpus lock, when all its chunks are in.
with corpus as (
  insert into app.corpus_stat as s (tenant_id, chunks, total_length)
  select :tenant_id, count(*), coalesce(sum(c.length), 0)
  from app.chunk c
  where c.tenant_id = :tenant_id and c.version_id = :version_id
  on conflict (tenant_id) do update
    set chunks = s.chunks + excluded.chunks, total_length = s.total_length + excluded.total_length
),
spoken as (
  insert into app.corpus_language as l (tenant_id, language, documents)
  values (:tenant_id, :language, 1)
  on conflict (tenant_id, language) do update set documents = l.documents + 1
)
insert into app.term_stat as s (tenant_id, term, df)
select :tenant_id, p.term, count(*)
from app.posting p
where p.tenant_id = :tenant_id and p.version_id = :version_id
group by p.term
order by p.term
on conflict (tenant_id, term) do update set df = s.df + excluded.df
