-- What the tenant's documents know of a query, in one row: the words to look up, rarest first, with the passages that
-- hold each (as app.query_terms has them); those of the surface :words that no document holds in any of its languages;
-- and the state of the index. Each table stands here once: a reference costs more than the rows that are read by it.
with spoken as materialized (
  select l.language from app.corpus_language l where l.tenant_id = :tenant_id and l.documents > 0
),
-- The terms of the query, at place 0, and of the surface words. Those are of letters alone: app.words makes one term of
-- each, or none.
spelled as materialized (
  select w.place, t.term
  from (
    select 0 as place, :query::text as word
    union all
    select u.place, u.word from unnest(:words::text[]) with ordinality as u (word, place)
  ) w
  cross join spoken l
  left join lateral app.words(w.word, l.language) t on true
),
held as materialized (
  select s.term, s.df, w.is_asked
  from (select p.term, bool_or(p.place = 0) as is_asked from spelled p where p.term is not null group by p.term) w
  -- OFFSET 0 keeps this a lookup by key.
  cross join lateral (
    select s.term, s.df from app.term_stat s where s.tenant_id = :tenant_id and s.term = w.term offset 0
  ) s
  -- The statistics are the tenant's; which words there are, the caller's. One posting will do.              --? listed
  cross join lateral (                                                                                       --? listed
    select from app.posting p where p.tenant_id = :tenant_id and p.term = s.term limit 1                     --? listed
  ) readable                                                                                                 --? listed
)
select
  coalesce((select v.version from app.index_version v where v.tenant_id = :tenant_id), 0)::text as version,
  not exists (select from app.access_list l where l.tenant_id = :tenant_id) as "isOpen",
  coalesce((select c.chunks from app.corpus_stat c where c.tenant_id = :tenant_id), 0) as passages,
  a.terms, a.dfs, a.known,
  -- A stop word of one of the languages is known.
  array(
    select w.word
    from unnest(:words::text[]) with ordinality as w (word, place)
    where exists (select from spoken)
      and w.place not in (
        select p.place from spelled p
        where p.term is null or p.term in (select h.term from held h where h.df > 0)
      )
    order by w.place
  ) as unknown
from (
  select coalesce(array_agg(a.term order by a.df, a.term), '{}') as terms,
    coalesce(array_agg(a.df order by a.df, a.term), '{}') as dfs, coalesce(max(a.known), 0) as known
  from (
    select h.term, h.df, (count(*) over ())::int as known
    from held h where h.is_asked order by h.df, h.term limit 64
  ) a
) a
