-- Which of the :candidates, each one edit from its place's word in :words, the tenant's documents hold. By equality on the
-- tenant's own statistics: trigram operators are not leakproof, and would read them all under row-level security.
-- ts_lexize gives for a word of letters what app.words gives, in a quarter of its time.
with language as materialized (
  select l.language, case l.language
      when 'english' then 'pg_catalog.english_stem'::regdictionary
      when 'german' then 'pg_catalog.german_stem'::regdictionary
      when 'french' then 'pg_catalog.french_stem'::regdictionary
      when 'spanish' then 'pg_catalog.spanish_stem'::regdictionary
      else 'pg_catalog.simple'::regdictionary
    end as dictionary
  from app.corpus_language l
  where l.tenant_id = :tenant_id and l.documents > 0
),
candidate as materialized (
  select c.place, c.candidate, (ts_lexize(l.dictionary, c.candidate))[1] as term
  from language l
  cross join unnest(:places::int[], :candidates::text[]) as c (place, candidate)
  -- English is written without accents: half of the candidates, and of the time.
  where l.language <> 'english' or octet_length(c.candidate) = length(c.candidate)
),
-- One walk through the index with all terms, in two thirds of the time of a lookup for each.
known as materialized (
  select s.term, s.df
  from app.term_stat s
  -- Nobody is offered a word that only documents closed to him hold.                       --? listed
  cross join lateral (                                                                     --? listed
    select from app.posting p where p.tenant_id = :tenant_id and p.term = s.term limit 1   --? listed
  ) readable                                                                               --? listed
  where s.tenant_id = :tenant_id and s.df > 0 and s.term = any(array(select distinct c.term from candidate c))
),
hit as materialized (
  select c.place, c.candidate, k.term, max(k.df) as df
  from candidate c
  join known k on k.term = c.term
  group by c.place, c.candidate, k.term
),
-- Strings that share a stem (Garten, Gart) are told apart by what stands in some of the passages that hold it.
seen as materialized (
  select distinct h.place, h.candidate, h.term
  from (select place, term from hit group by place, term having count(*) > 1) d
  join hit h on h.place = d.place and h.term = d.term
  cross join lateral (
    select p.chunk_id from app.posting p
    where p.tenant_id = :tenant_id and p.term = h.term
    order by p.chunk_id desc
    limit 3
  ) p
  cross join lateral (
    select c.heading, c.content from app.chunk c
    where c.tenant_id = :tenant_id and c.id = p.chunk_id
    offset 0
  ) c
  where app.folded(c.heading || E'\n' || c.content) collate pg_catalog.pg_c_utf8
    ~ ('(?<![[:alnum:]])' || h.candidate || '(?![[:alnum:]])')
)
select (:words::text[])[h.place] as word, h.candidate as correction, h.term, h.df, s.place is not null as seen
from hit h
left join seen s on s.place = h.place and s.candidate = h.candidate and s.term = h.term
order by h.place, h.candidate, h.term
