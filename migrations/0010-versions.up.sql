-- Versions of documents: text in pieces of any number, chunks that are built before they are visible, languages,
-- and fields to filter by. A version has an id of its own, and the search tables speak of versions: the next one
-- of a document can stand ready beside the current one and take its place in one short transaction.

-- What is rewritten below belongs to many tenants, and the owner is bound by row-level security like everybody.
alter table app.document no force row level security;
alter table app.document_version no force row level security;
alter table app.chunk no force row level security;

alter table app.document
  add column current_version_id uuid,
  add column name text check (length(name) between 1 and 255),
  add column file_type text not null default 'text'
    check (file_type in ('text', 'markdown', 'html', 'pdf', 'docx', 'xlsx', 'pptx', 'csv', 'json')),
  add column language text not null default 'english'
    check (language in ('english', 'german', 'french', 'spanish', 'simple')),
  add column collection text check (length(collection) between 1 and 100),
  add column metadata jsonb not null default '{}';

alter table app.document_version
  add column id uuid,
  -- When its text was brought, as the id that was made then: texts win in this order. A new title has its text's.
  add column brought_as uuid,
  add column title text,
  add column format text not null default 'text' check (format in ('text', 'markdown')),
  -- Of the text, in UTF-16 code units.
  add column characters int not null default 0 check (characters >= 0),
  -- Where page 1, 2, … start in the text; empty where there are no pages.
  add column page_starts int[] not null default '{}',
  add column warnings text[] not null default '{}',
  -- The file it was read from, and its SHA-256; null for texts that were handed in.
  add column blob_id uuid,
  add column source_hash bytea;

-- The current version of what is there takes its document's id: so the search tables need no new values.
update app.document_version v
set id = case when v.version = d.current_version then d.id else gen_random_uuid() end,
  title = d.title, format = d.format,
  -- Characters beyond U+FFFF are two UTF-16 code units each.
  characters = length(v.content) + length(regexp_replace(v.content, '[^\U00010000-\U0010FFFF]', '', 'g'))
from app.document d
where d.tenant_id = v.tenant_id and d.id = v.document_id;
update app.document_version set brought_as = id;
update app.document set current_version_id = id, file_type = format;

alter table app.document_version
  alter column id set not null, alter column brought_as set not null, alter column title set not null;
alter table app.document_version add unique (tenant_id, id);
create index document_version_of_blob on app.document_version (tenant_id, blob_id) where blob_id is not null;
alter table app.document alter column current_version_id set not null;
-- A chunk is visible while its version is a document's current one.
alter table app.document add unique (tenant_id, current_version_id);
alter table app.document alter column file_type drop default, alter column language drop default;
alter table app.document_version alter column format drop default, alter column characters drop default;

-- The text of a version, in pieces of at most 65,536 UTF-16 code units. `start_at` counts in those too. Pieces of
-- a version that is being built have no document yet, hence no reference.
create table app.version_text (
  tenant_id uuid not null,
  version_id uuid not null,
  start_at int not null check (start_at >= 0),
  content text not null,
  primary key (tenant_id, version_id, start_at)
);
insert into app.version_text (tenant_id, version_id, start_at, content)
select tenant_id, id, 0, content from app.document_version;
alter table app.document_version drop column content;

-- Versions whose chunks lie in the search tables and are not to be found: being built, or being removed.
create table app.hidden_version (
  tenant_id uuid not null,
  version_id uuid not null,
  -- The title and language its chunks were read with, while it is being built.
  indexed_as text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, version_id)
);

alter table app.chunk
  drop constraint chunk_tenant_id_document_id_ordinal_key,
  add column version_id uuid,
  add column tokens int not null default 0 check (tokens >= 0),
  -- Pages it starts and ends on, from 1; null where there are none.
  add column page int check (page > 0),
  add column last_page int check (last_page >= page);
update app.chunk set version_id = document_id;
alter table app.chunk
  alter column version_id set not null,
  alter column tokens drop default,
  drop column document_id,
  drop column version,
  add unique (tenant_id, version_id, ordinal);

alter table app.posting rename column document_id to version_id;
alter index app.posting_of_document rename to posting_of_version;
alter table app.vector_1 rename column document_id to version_id;
alter index app.vector_1_of_document rename to vector_1_of_version;

-- What documents can be filtered by, one row a value, whatever the caller called the key: 'label', 'collection',
-- 'language', 'file_type', and 'meta.<key>' for the caller's own. Equality and ranges are looked up in the indexes:
-- `=` and `<` are leakproof, jsonb's operators are not.
create table app.document_field (
  tenant_id uuid not null,
  document_id uuid not null,
  key text collate "C" not null check (length(key) between 1 and 110),
  place int not null,
  text_value text collate "C" check (length(text_value) <= 500),
  number_value float8,
  primary key (tenant_id, document_id, key, place),
  foreign key (tenant_id, document_id) references app.document (tenant_id, id) on delete cascade
);
create index document_field_text on app.document_field (tenant_id, key, text_value, document_id);
create index document_field_number on app.document_field (tenant_id, key, number_value, document_id);
insert into app.document_field (tenant_id, document_id, key, place, text_value)
select d.tenant_id, d.id, 'label', l.place, l.label
from app.document d cross join unnest(d.labels) with ordinality as l (label, place)
union all select tenant_id, id, 'language', 0, language from app.document
union all select tenant_id, id, 'file_type', 0, file_type from app.document;

-- The languages a tenant's documents are in: a query is read in each of them.
create table app.corpus_language (
  tenant_id uuid not null,
  language text not null,
  documents int not null check (documents >= 0),
  primary key (tenant_id, language)
);
insert into app.corpus_language (tenant_id, language, documents)
select tenant_id, language, count(*) from app.document group by tenant_id, language;

-- As app.words(text) before, in the language of the document; 'simple' takes every word as it stands.
create function app.words(content text, language text) returns table (term text, tf int)
language sql immutable parallel safe
begin atomic
  select w.lexeme, cardinality(w.positions)
  from unnest(to_tsvector(
    case language
      when 'english' then 'pg_catalog.english'::regconfig
      when 'german' then 'pg_catalog.german'::regconfig
      when 'french' then 'pg_catalog.french'::regconfig
      when 'spanish' then 'pg_catalog.spanish'::regconfig
      else 'pg_catalog.simple'::regconfig
    end,
    lower(normalize(content, nfkc) collate pg_catalog.pg_c_utf8))) as w;
end;
drop function app.words(text);
revoke all on function app.words(text, text) from public;
grant execute on function app.words(text, text) to gatehouse_app;

alter table app.document force row level security;
alter table app.document_version force row level security;
alter table app.chunk force row level security;

alter table app.version_text enable row level security;
alter table app.version_text force row level security;
create policy own_rows on app.version_text
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select, insert, delete on app.version_text to gatehouse_app;

alter table app.hidden_version enable row level security;
alter table app.hidden_version force row level security;
create policy own_rows on app.hidden_version
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select, insert, delete on app.hidden_version to gatehouse_app;

alter table app.document_field enable row level security;
alter table app.document_field force row level security;
create policy own_rows on app.document_field
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select, insert, delete on app.document_field to gatehouse_app;

alter table app.corpus_language enable row level security;
alter table app.corpus_language force row level security;
create policy own_rows on app.corpus_language
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select, insert, update, delete on app.corpus_language to gatehouse_app;
