-- Who may read a document. Lists are interned: equal lists are one row, a document names its list by number and everyone
-- may read a document that names none. Closing a document changes its one row; its chunks, postings and vectors are left
-- alone, since their policies ask which versions are closed to the caller. Lists are made and removed by two functions
-- alone (src/features/documents/access/interned.fn.sql), and never change.

create table app.access_list (
  tenant_id uuid not null,
  id int not null check (id > 0),
  -- Equal for equal lists: SHA-256 of the sorted entries.
  digest bytea not null,
  primary key (tenant_id, id),
  unique (tenant_id, digest)
);

create table app.access_entry (
  tenant_id uuid not null,
  access_id int not null,
  kind text not null check (kind in ('user', 'group')),
  -- The user's id, or the group's as text.
  member text collate "C" not null check (length(member) between 1 and 200),
  primary key (tenant_id, access_id, kind, member),
  foreign key (tenant_id, access_id) references app.access_list (tenant_id, id) on delete cascade
);
create index access_entry_of_member on app.access_entry (tenant_id, kind, member, access_id);

alter table app.document add column access_id int;
-- The owner, bound by row-level security, could not look at the rows that the new key is checked against.
alter table app.document no force row level security;
alter table app.document add foreign key (tenant_id, access_id) references app.access_list (tenant_id, id);
alter table app.document force row level security;
-- Few documents are closed in most tenants: an index of those alone.
create index document_with_access on app.document (tenant_id, access_id, id) where access_id is not null;

-- It gives more now; seal.fn.sql makes it anew.
drop function if exists app.open_seal();

-- Signatures, failing closed; the bodies are src/features/documents/access/closed.fn.sql.
create function app.closed_documents() returns setof uuid language plpgsql stable rows 100
  as $$ begin raise exception 'the access functions are not applied yet' using errcode = '42501'; end $$;
create function app.closed_versions() returns setof uuid language plpgsql stable rows 100
  as $$ begin raise exception 'the access functions are not applied yet' using errcode = '42501'; end $$;

-- Each of these has two policies now. The owner (definer functions under the caller's seal, and maintenance) goes by
-- tenant alone: the functions that say what is closed read these tables themselves.
do $$
declare
  target record;
  closed text;
begin
  for target in
    select name, key from (values
      ('document', 'id'), ('document_version', 'document_id'), ('document_field', 'document_id'),
      ('version_text', 'version_id'), ('chunk', 'version_id'), ('posting', 'version_id')) as t (name, key)
    union all
    select 'vector_' || number, 'version_id' from app.embedding_model
  loop
    closed := case target.key when 'version_id' then 'closed_versions' else 'closed_documents' end;
    execute format('drop policy own_rows on app.%I', target.name);
    execute format(
      'create policy own_rows on app.%I to gatehouse_app'
      ' using (tenant_id = (select app.tenant_id()) and %I not in (select app.%I()))'
      ' with check (tenant_id = (select app.tenant_id()))', target.name, target.key, closed);
    execute format(
      'create policy owner_by_tenant on app.%I to gatehouse_owner'
      ' using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()))', target.name);
  end loop;
end $$;

alter table app.access_list enable row level security;
alter table app.access_list force row level security;
create policy own_rows on app.access_list
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select on app.access_list to gatehouse_app;

alter table app.access_entry enable row level security;
alter table app.access_entry force row level security;
create policy own_rows on app.access_entry
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select on app.access_entry to gatehouse_app;

-- What a caller may read changes with the lists and with who is in a group: cached answers are old then.
create constraint trigger index_version after insert or update or delete on app.access_entry
  deferrable initially deferred for each row
  when (split_part(current_setting('app.seal', true), '.', 3) = 'tenant')
  execute function app.raise_index_version();
create constraint trigger index_version after insert or update or delete on app.group_member
  deferrable initially deferred for each row
  when (split_part(current_setting('app.seal', true), '.', 3) = 'tenant')
  execute function app.raise_index_version();
