-- Words as they were read before, and the postings made of them.
create or replace function app.words(content text, language text) returns table (term text, tf int)
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

-- The postings of what can be found are made anew; what is being built starts over when it is taken up again, and
-- what is being removed goes as it is.
alter table app.document no force row level security;
alter table app.chunk no force row level security;
alter table app.posting no force row level security;
alter table app.term_stat no force row level security;
alter table app.corpus_stat no force row level security;
alter table app.hidden_version no force row level security;

update app.hidden_version set indexed_as = null;
delete from app.posting p using app.document d where d.tenant_id = p.tenant_id and d.current_version_id = p.version_id;
insert into app.posting (tenant_id, term, chunk_id, version_id, tf, length)
select c.tenant_id, w.term, c.id, c.version_id, w.tf, sum(w.tf) over (partition by c.tenant_id, c.id)
from app.document d
join app.chunk c on c.tenant_id = d.tenant_id and c.version_id = d.current_version_id
cross join lateral app.words(d.title || E'\n' || c.heading || E'\n' || c.content, d.language) w;
update app.chunk c set length = coalesce(m.length, 0)
from app.document d
cross join lateral (
  select k.id, (select p.length from app.posting p where p.tenant_id = k.tenant_id and p.version_id = k.version_id
                and p.chunk_id = k.id limit 1) as length
  from app.chunk k
  where k.tenant_id = d.tenant_id and k.version_id = d.current_version_id
) m
where c.tenant_id = d.tenant_id and c.id = m.id;
delete from app.term_stat;
insert into app.term_stat (tenant_id, term, df)
select p.tenant_id, p.term, count(*)
from app.posting p
join app.document d on d.tenant_id = p.tenant_id and d.current_version_id = p.version_id
group by p.tenant_id, p.term;
update app.corpus_stat s set total_length = coalesce((
  select sum(c.length)
  from app.document d
  join app.chunk c on c.tenant_id = d.tenant_id and c.version_id = d.current_version_id
  where d.tenant_id = s.tenant_id), 0);

alter table app.document force row level security;
alter table app.chunk force row level security;
alter table app.posting force row level security;
alter table app.term_stat force row level security;
alter table app.corpus_stat force row level security;
alter table app.hidden_version force row level security;
