-- Adds a document's chunks to the statistics of its tenant. Under the corpus lock, after the chunks are in.
with corpus as (
  insert into app.corpus_stat as s (tenant_id, chunks, total_length)
  select :tenant_id, count(*), coalesce(sum(c.length), 0)
  from app.chunk c
  where c.tenant_id = :tenant_id and c.document_id = :document_id
  on conflict (tenant_id) do update
    set chunks = s.chunks + excluded.chunks, total_length = s.total_length + excluded.total_length
)
insert into app.term_stat as s (tenant_id, term, df)
select :tenant_id, p.term, count(*)
from app.posting p
where p.tenant_id = :tenant_id and p.document_id = :document_id
group by p.term
order by p.term
on conflict (tenant_id, term) do update set df = s.df + excluded.df
