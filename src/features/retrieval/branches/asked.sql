-- What is asked for. Parts: `conditions`, `phrases`, `excluded`, `citations`, `doubtful` (see lexical.ts).
-- BM25 with k1 1.2 and b 0.75 is most * tf / (tf + 0.3 + per_word * length): `most` is what a word could give a passage
-- at most, 2.2 idf, in units of 2^-40, and `per_word` 0.9 / the average length. Scores are whole numbers of these units:
-- sums below 2^53 are exact and the same in any order, so no change of plan moves one. A word counts once, however
-- often it is asked. A corrected word may not be what was meant, and weighs three quarters (SciFact's own queries:
-- nDCG@10 0.683 instead of 0.681; with two typos in each: 0.671 instead of 0.678, and 0.624 without corrections).
with asked as materialized (
  select t.term, t.df, t.mask,
    1099511627776 * 2.2::float8 * ln(1 + (c.chunks - t.df + 0.5::float8) / (t.df + 0.5::float8))
      * case when t.term = any(:doubtful::text[]) then 0.75 else 1 end                                --? doubtful
      as most,
    0.9::float8 * c.chunks / greatest(c.total_length, 1) as per_word
  from app.query_terms(:tenant_id, :query) t
  join app.corpus_stat c on c.tenant_id = :tenant_id
),
-- Versions that are not to be found: nearly always none.
hidden as materialized (
  select h.version_id from app.hidden_version h where h.tenant_id = :tenant_id
),
matching as materialized (                                                                           --? conditions
  select m.version_id from app.matching_versions(:tenant_id, :conditions::jsonb) m                   --? conditions
),                                                                                                   --? conditions
-- The passages that hold every phrase.
quoting as materialized (                                                                            --? phrases
  select f.chunk_id, f.version_id                                                                    --? phrases
  from jsonb_to_recordset(:phrases::jsonb) as q (text text, pattern text)                            --? phrases
  cross join lateral app.phrase_chunks(:tenant_id, q.text, q.pattern) f                              --? phrases
  group by f.chunk_id, f.version_id                                                                  --? phrases
  having count(*) = jsonb_array_length(:phrases::jsonb)                                              --? phrases
),                                                                                                   --? phrases
excluded as materialized (                                                                           --? excluded
  select f.version_id                                                                                --? excluded
  from jsonb_to_recordset(:excluded::jsonb) as q (text text, pattern text)                           --? excluded
  cross join lateral app.phrase_chunks(:tenant_id, q.text, q.pattern) f                              --? excluded
),                                                                                                   --? excluded
-- A passage that holds a citation to the letter gets half the idf of its words once more: enough to stand before those
-- that hold the words apart, not before those that answer more of the query.
cited as materialized (                                                                              --? citations
  select f.chunk_id, f.version_id, sum(round(q.idf)) as score                                        --? citations
  from (                                                                                             --? citations
    select c.text, c.pattern, (                                                                      --? citations
      select sum(a.most) / 4.4 from asked a where a.term in (                                        --? citations
        select w.term from app.corpus_language l cross join lateral app.words(c.text, l.language) w  --? citations
        where l.tenant_id = :tenant_id and l.documents > 0)) as idf                                  --? citations
    from jsonb_to_recordset(:citations::jsonb) as c (text text, pattern text)                        --? citations
  ) q                                                                                                --? citations
  cross join lateral app.phrase_chunks(:tenant_id, q.text, q.pattern) f                              --? citations
  where q.idf is not null                                                                            --? citations
  group by f.chunk_id, f.version_id                                                                  --? citations
),                                                                                                   --? citations
