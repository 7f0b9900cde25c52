-- Puts the chunks of a document in, with their postings. The statistics follow in count-words.sql.
with given as materialized (
  select g.*
  from unnest(:ids::uuid[], :starts::int[], :ends::int[], :headings::text[], :contents::text[])
    with ordinality as g (id, start_at, end_at, heading, content, place)
),
word as materialized (
  select g.id, w.term, w.tf, sum(w.tf) over (partition by g.id) as length
  from given g
  cross join lateral app.words(:title || E'\n' || g.heading || E'\n' || g.content) w
),
chunk as (
  insert into app.chunk (tenant_id, id, document_id, version, ordinal, start_at, end_at, heading, content, length)
  select :tenant_id, g.id, :document_id, :version, :from + g.place - 1, g.start_at, g.end_at, g.heading, g.content,
    coalesce((select sum(w.tf) from word w where w.id = g.id), 0)
  from given g
)
insert into app.posting (tenant_id, term, chunk_id, document_id, tf, length)
select :tenant_id, w.term, w.id, :document_id, w.tf, w.length
from word w
order by w.term, w.id
