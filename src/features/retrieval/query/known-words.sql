-- What the tenant's documents know of a query, in one row: the words to look up, rarest first, with the passages that
-- hold each; those of the surface :words that no document holds in any of its languages; and the state of the index.
with spoken as materialized (
  select l.language from app.corpus_language l where l.tenant_id = :tenant_id and l.documents > 0
),
asked as materialized (
  select t.term, t.df, t.known from app.query_terms(:tenant_id, :query) t
)
select
  coalesce((select v.version from app.index_version v where v.tenant_id = :tenant_id), 0)::text as version,
  coalesce((select c.chunks from app.corpus_stat c where c.tenant_id = :tenant_id), 0) as passages,
  array(select a.term from asked a order by a.df, a.term) as terms,
  array(select a.df from asked a order by a.df, a.term) as dfs,
  coalesce((select max(a.known) from asked a), 0) as known,
  -- A stop word of one of the languages is known. Words of letters alone: app.words makes one term of each, or none.
  array(
    select w.word
    from unnest(:words::text[]) with ordinality as w (word, place)
    where exists (select from spoken)
      and not exists (
        select
        from spoken l
        left join lateral app.words(w.word, l.language) t on true
        -- OFFSET 0 keeps this a lookup by key.
        left join lateral (
          select s.term from app.term_stat s
          where s.tenant_id = :tenant_id and s.term = t.term and s.df > 0
          offset 0
        ) s on true
        where t.term is null or s.term is not null
      )
    order by w.place
  ) as unknown
