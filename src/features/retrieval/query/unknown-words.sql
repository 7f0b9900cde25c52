-- Those of the :words that none of the tenant's documents holds, in any of its languages. A stop word of one of them is
-- known. Words of letters alone: app.words makes one term of each, or none.
select w.word
from unnest(:words::text[]) with ordinality as w (word, place)
where exists (select from app.corpus_language l where l.tenant_id = :tenant_id and l.documents > 0)
  and not exists (
    select
    from app.corpus_language l
    left join lateral app.words(w.word, l.language) t on true
    -- OFFSET 0 keeps this a lookup by key.
    left join lateral (
      select s.term from app.term_stat s
      where s.tenant_id = :tenant_id and s.term = t.term and s.df > 0
      offset 0
    ) s on true
    where l.tenant_id = :tenant_id and l.documents > 0 and (t.term is null or s.term is not null)
  )
order by w.place
