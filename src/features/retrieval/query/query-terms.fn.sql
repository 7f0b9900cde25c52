-- The words of a query that this tenant's documents hold, rarest first, each with its mask in a set of 64. A query is
-- read in every language that the tenant has documents in.
-- 64 at most: what lies beyond is the most common and says least. `known` counts all of them.
create or replace function app.query_terms(tenant uuid, query text)
returns table (term text, df int, mask bigint, known int)
language sql stable parallel restricted as $$
  select s.term, s.df,
    1::bigint << (row_number() over (order by s.df, s.term) - 1)::int,
    (count(*) over ())::int
  from (
    select distinct w.term
    from app.corpus_language l
    cross join lateral app.words(query_terms.query, l.language) w
    where l.tenant_id = query_terms.tenant and l.documents > 0
  ) w
  join app.term_stat s on s.tenant_id = query_terms.tenant and s.term = w.term
  order by s.df, s.term
  limit 64
$$;

revoke all on function app.query_terms(uuid, text) from public;
grant execute on function app.query_terms(uuid, text) to gatehouse_app;
