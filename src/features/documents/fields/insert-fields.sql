-- One row for each value that a document can be filtered by.
insert into app.document_field (tenant_id, document_id, key, place, text_value, number_value)
select d.tenant_id, d.id, f.key, f.place, f.text_value, f.number_value
from app.document d
cross join lateral (
  select 'label', l.place, l.label, null::float8 from unnest(d.labels) with ordinality as l (label, place)
  union all select 'collection', 0, d.collection, null where d.collection is not null
  union all select 'language', 0, d.language, null
  union all select 'file_type', 0, d.file_type, null
  union all
  select 'meta.' || m.key, 0,
    case when jsonb_typeof(m.value) <> 'number' then m.value #>> '{}' end,
    case when jsonb_typeof(m.value) = 'number' then (m.value #>> '{}')::float8 end
  from jsonb_each(d.metadata) as m (key, value)
) as f (key, place, text_value, number_value)
where d.tenant_id = :tenant_id and d.id = :document_id
