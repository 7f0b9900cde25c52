-- The chunks that hold a phrase: those whose postings hold all of its words, and of those the ones whose title,
-- heading and text, folded as the index folds them, match the pattern (phrase-pattern.ts makes both).

-- As app.words folds. NFKC takes 0.4 ms for a chunk of 2,000 characters; ranges that it leaves alone whatever stands
-- beside them are told in 0.03 ms, and nearly all texts are made of those.
create or replace function app.folded(content text) returns text language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp as $$
begin
  if octet_length(content) > length(content) and (content collate pg_c_utf8) ~
    '[^\u0001-\u009f\u00a1-\u00a7\u00a9\u00ab-\u00ae\u00b0\u00b1\u00b6\u00b7\u00bb\u00bf-\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e\u0180-\u01c3\u0400-\u0481\u048a-\u052f\u2010\u2012-\u2016\u2018-\u2023\u2030-\u2032\u20ac\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]'
  then
    return lower(normalize(content, nfkc) collate pg_c_utf8);
  end if;
  return lower(content collate pg_c_utf8);
end $$;

revoke all on function app.folded(text) from public;
grant execute on function app.folded(text) to gatehouse_app;

-- The words of a phrase that a chunk's postings must hold, the rarest at place 1, in one language; no row when all are
-- stop words. A word comes by several terms: the index's parser takes 4.2.1 whole where it stands so. `v` is left to the
-- pattern, which takes "vs." for it too.
create or replace function app.phrase_words(tenant uuid, wanted text, spoken text)
returns table (place bigint, terms text[], df bigint)
language sql stable security invoker set search_path = pg_catalog, pg_temp as $$
  select row_number() over (order by sum(coalesce(s.df, 0)), w.word), array_agg(t.term), sum(coalesce(s.df, 0))
  from (
    select distinct f.word
    from regexp_split_to_table(app.folded(phrase_words.wanted) collate pg_c_utf8, '[^[:alnum:]]+') f (word)
    where f.word not in ('', 'v') and exists (select from app.words(f.word, phrase_words.spoken))
  ) w
  cross join lateral (
    select a.term collate "C" from app.words(w.word, phrase_words.spoken) a
    union
    select a.term collate "C" from app.words(phrase_words.wanted, phrase_words.spoken) a where strpos(a.term, w.word) > 0
  ) t
  -- OFFSET 0 keeps this a lookup by key: a join may read all of the tenant's words.
  left join lateral (
    select s.df from app.term_stat s
    where s.tenant_id = phrase_words.tenant and s.term = t.term
    offset 0
  ) s on true
  group by w.word
$$;

revoke all on function app.phrase_words(uuid, text, text) from public;
grant execute on function app.phrase_words(uuid, text, text) to gatehouse_app;

-- The phrase is read in each of the tenant's languages on its own: what is a stop word in one has postings in
-- another. Its rarest word leads. At most 10,000 chunks are read, the youngest, at 15 us each of 1,000 characters: of
-- a phrase whose words stand together in more chunks than that, the older places are not found. A phrase of stop words
-- alone ("to be or not to be") has no postings to go by, and is looked for in the 2,000 youngest chunks.
create or replace function app.phrase_chunks(tenant uuid, wanted text, pattern text)
returns table (version_id uuid, chunk_id uuid)
language plpgsql stable security invoker set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  spoken text;
  word record;
  found uuid[];
  candidates uuid[] := '{}';
begin
  for spoken in
    select l.language from app.corpus_language l where l.tenant_id = phrase_chunks.tenant and l.documents > 0
  loop
    found := null;
    for word in select w.place, w.terms, w.df from app.phrase_words(phrase_chunks.tenant, wanted, spoken) w order by w.place loop
      if word.df = 0 then
        found := '{}';
      elsif word.place = 1 then
        found := array(
          select p.chunk_id from app.posting p
          where p.tenant_id = phrase_chunks.tenant and p.term = any(word.terms)
            and p.version_id not in (select h.version_id from app.hidden_version h where h.tenant_id = phrase_chunks.tenant));
      elsif word.df <= 4 * cardinality(found) then
        -- Read whole in a quarter of the time that lookups take; OFFSET 0 keeps this a scan of the word's postings.
        found := array(
          select f.id from unnest(found) f (id)
          where f.id in (
            select p.chunk_id from app.posting p
            where p.tenant_id = phrase_chunks.tenant and p.term = any(word.terms)
            offset 0
          ));
      else
        -- LIMIT 1 keeps this a lookup by key for each, whatever the planner guesses.
        found := array(
          select f.id from unnest(found) f (id)
          cross join lateral (
            select from app.posting p
            where p.tenant_id = phrase_chunks.tenant and p.term = any(word.terms) and p.chunk_id = f.id
            limit 1
          ) held);
      end if;
      exit when found = '{}';
    end loop;
    candidates := candidates || coalesce(found, array(
      select c.id from app.chunk c
      where c.tenant_id = phrase_chunks.tenant
        and c.version_id not in (select h.version_id from app.hidden_version h where h.tenant_id = phrase_chunks.tenant)
      order by c.id desc limit 2000));
  end loop;

  return query
  select chunk.version_id, f.id
  from (select distinct u.id from unnest(candidates) u (id) order by u.id desc limit 10000) f
  cross join lateral (
    select c.version_id, c.heading, c.content from app.chunk c
    where c.tenant_id = phrase_chunks.tenant and c.id = f.id
    offset 0
  ) chunk
  -- Thirteen line ends part the two: a pattern reaches across twelve characters between words.
  where app.folded(chunk.heading || repeat(E'\n', 13) || chunk.content) collate pg_c_utf8 ~ phrase_chunks.pattern
    or (select app.folded(d.title) collate pg_c_utf8 ~ phrase_chunks.pattern
      from app.document d
      where d.tenant_id = phrase_chunks.tenant and d.current_version_id = chunk.version_id);
end $$;

revoke all on function app.phrase_chunks(uuid, text, text) from public;
grant execute on function app.phrase_chunks(uuid, text, text) to gatehouse_app;
