-- The lexical index: one row per word and chunk, in a b-tree that holds all BM25 needs (index-only scans),
-- and the statistics of each tenant alone, so that no tenant's scores tell of another's words.

-- The words of a text and how often each stands in it, for documents and queries alike. Stored postings are what
-- this function made of their chunks: changing it takes a migration that builds them anew. Folding comes before
-- parsing and by named rules (NFKC, pg_c_utf8), so that all servers agree whatever their locale.
-- tsvector keeps at most 255 positions of a word: tf ends there. A word over 2,046 bytes is no word.
create function app.words(content text) returns table (term text, tf int)
language sql immutable parallel safe
begin atomic
  select w.lexeme, cardinality(w.positions)
  from unnest(to_tsvector('pg_catalog.english'::regconfig, lower(normalize(content, nfkc) collate pg_catalog.pg_c_utf8))) as w;
end;
revoke all on function app.words(text) from public;
grant execute on function app.words(text) to gatehouse_app;

create table app.posting (
  tenant_id uuid not null,
  -- "C": a sorting rule that no upgrade of the server changes.
  term text collate "C" not null,
  chunk_id uuid not null,
  -- A search counts documents, not chunks; with the document here it need not look the chunks up.
  document_id uuid not null,
  -- How often the word stands in the chunk, and the chunk's length in words.
  tf int not null check (tf > 0),
  length int not null,
  primary key (tenant_id, term, chunk_id) include (document_id, tf, length)
) partition by list (tenant_id);
-- For the day the document goes or changes; equal keys are stored once, so it costs some 8 bytes per row.
create index posting_of_document on app.posting (tenant_id, document_id);

create table app.term_stat (
  tenant_id uuid not null,
  term text collate "C" not null,
  -- Chunks that hold the word.
  df int not null check (df >= 0),
  primary key (tenant_id, term)
);

create table app.corpus_stat (
  tenant_id uuid not null,
  chunks int not null check (chunks >= 0),
  total_length bigint not null check (total_length >= 0),
  primary key (tenant_id)
);

alter table app.posting enable row level security;
alter table app.posting force row level security;
create policy own_rows on app.posting
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select, insert, delete on app.posting to gatehouse_app;

alter table app.term_stat enable row level security;
alter table app.term_stat force row level security;
create policy own_rows on app.term_stat
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select, insert, update, delete on app.term_stat to gatehouse_app;

alter table app.corpus_stat enable row level security;
alter table app.corpus_stat force row level security;
create policy own_rows on app.corpus_stat
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select, insert, update on app.corpus_stat to gatehouse_app;
