-- Loses what the older schema has no place for: metadata, collections, pages, languages, and versions being built.
alter table app.document no force row level security;
alter table app.document_version no force row level security;
alter table app.chunk no force row level security;
alter table app.posting no force row level security;
alter table app.vector_1 no force row level security;
alter table app.version_text no force row level security;
alter table app.hidden_version no force row level security;

create function app.words(content text) returns table (term text, tf int)
language sql immutable parallel safe
begin atomic
  select w.lexeme, cardinality(w.positions)
  from unnest(to_tsvector('pg_catalog.english'::regconfig, lower(normalize(content, nfkc) collate pg_catalog.pg_c_utf8))) as w;
end;
revoke all on function app.words(text) from public;
grant execute on function app.words(text) to gatehouse_app;
drop function app.words(text, text);
drop table app.corpus_language, app.document_field;

delete from app.posting p using app.hidden_version h where h.tenant_id = p.tenant_id and h.version_id = p.version_id;
delete from app.vector_1 v using app.hidden_version h where h.tenant_id = v.tenant_id and h.version_id = v.version_id;
delete from app.chunk c using app.hidden_version h where h.tenant_id = c.tenant_id and h.version_id = c.version_id;
drop table app.hidden_version;

alter table app.chunk add column document_id uuid, add column version int;
update app.chunk c set document_id = d.id, version = d.current_version
from app.document d where d.tenant_id = c.tenant_id and d.current_version_id = c.version_id;
update app.posting p set version_id = d.id
from app.document d where d.tenant_id = p.tenant_id and d.current_version_id = p.version_id and d.id <> p.version_id;
update app.vector_1 v set version_id = d.id
from app.document d where d.tenant_id = v.tenant_id and d.current_version_id = v.version_id and d.id <> v.version_id;
alter table app.posting rename column version_id to document_id;
alter index app.posting_of_version rename to posting_of_document;
alter table app.vector_1 rename column version_id to document_id;
alter index app.vector_1_of_version rename to vector_1_of_document;
alter table app.chunk
  alter column document_id set not null, alter column version set not null,
  drop column version_id, drop column tokens, drop column page, drop column last_page,
  add unique (tenant_id, document_id, ordinal);

alter table app.document_version add column content text;
update app.document_version v set content = coalesce((
  select string_agg(t.content, '' order by t.start_at)
  from app.version_text t where t.tenant_id = v.tenant_id and t.version_id = v.id), '');
alter table app.document_version alter column content set not null;
drop table app.version_text;
alter table app.document drop column current_version_id, drop column name, drop column file_type,
  drop column language, drop column collection, drop column metadata;
alter table app.document_version drop column id, drop column brought_as, drop column title, drop column format, drop column characters,
  drop column page_starts, drop column warnings, drop column blob_id, drop column source_hash;

alter table app.document force row level security;
alter table app.document_version force row level security;
alter table app.chunk force row level security;
alter table app.posting force row level security;
alter table app.vector_1 force row level security;
