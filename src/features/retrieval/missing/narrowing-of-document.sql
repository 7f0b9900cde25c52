-- What a search is narrowed by, each part for itself, and how one document stands to it: whether it meets a condition of
-- the filter, which of its passages hold a phrase, and whether it holds what is excluded. In the order of the query.
select n.*
from (
  select 'condition' as kind, c.place::int as place, exists (
      select from app.matching_versions(:tenant_id, jsonb_build_array(c.want)) m where m.version_id = :version_id
    ) as holds,
    null::uuid[] as chunks,
    array(
      select coalesce(f.text_value, f.number_value::text)
      from app.document_field f
      where f.tenant_id = :tenant_id and f.document_id = :document_id and f.key = c.want ->> 'key'
      order by f.place limit 20
    ) as has
  from jsonb_array_elements(coalesce(:conditions::jsonb, '[]')) with ordinality as c (want, place)
  union all
  select q.kind, q.place::int, cardinality(q.chunks) > 0, q.chunks, null
  from (
    select w.kind, w.place, array(
      select f.chunk_id from app.phrase_chunks(:tenant_id, w.phrase ->> 'text', w.phrase ->> 'pattern') f
      where f.version_id = :version_id
    ) as chunks
    from (
      select 'phrase' as kind, p.place, p.phrase
      from jsonb_array_elements(:phrases::jsonb) with ordinality as p (phrase, place)
      union all
      select 'excluded', e.place, e.phrase
      from jsonb_array_elements(:excluded::jsonb) with ordinality as e (phrase, place)
    ) w
  ) q
) n
order by n.kind, n.place
