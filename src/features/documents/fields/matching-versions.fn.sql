-- The current versions of the documents that meet every condition. A condition has a `key` and either `texts` or
-- `numbers` (one of them must be there), or bounds `gte`, `gt`, `lte`, `lt`, all texts or all numbers as `of` says.
-- Keys and values come as data, never as SQL; each condition is a lookup in an index of app.document_field.
create or replace function app.matching_versions(tenant uuid, conditions jsonb) returns table (version_id uuid)
language sql stable parallel restricted as $$
  select d.current_version_id
  from (
    select f.document_id
    from jsonb_array_elements(matching_versions.conditions) with ordinality as c (want, place)
    cross join lateral (
      select f.document_id
      from app.document_field f
      where f.tenant_id = matching_versions.tenant and f.key = c.want ->> 'key'
        and f.text_value = any(array(select jsonb_array_elements_text(c.want -> 'texts')))
      union
      select f.document_id
      from app.document_field f
      where f.tenant_id = matching_versions.tenant and f.key = c.want ->> 'key'
        and f.number_value = any(array(select jsonb_array_elements_text(c.want -> 'numbers')::float8))
      union
      select f.document_id
      from app.document_field f
      where f.tenant_id = matching_versions.tenant and f.key = c.want ->> 'key' and c.want ->> 'of' = 'text'
        and f.text_value is not null
        and coalesce(f.text_value >= c.want ->> 'gte', true) and coalesce(f.text_value > c.want ->> 'gt', true)
        and coalesce(f.text_value <= c.want ->> 'lte', true) and coalesce(f.text_value < c.want ->> 'lt', true)
      union
      select f.document_id
      from app.document_field f
      where f.tenant_id = matching_versions.tenant and f.key = c.want ->> 'key' and c.want ->> 'of' = 'number'
        and f.number_value is not null
        and coalesce(f.number_value >= (c.want ->> 'gte')::float8, true)
        and coalesce(f.number_value > (c.want ->> 'gt')::float8, true)
        and coalesce(f.number_value <= (c.want ->> 'lte')::float8, true)
        and coalesce(f.number_value < (c.want ->> 'lt')::float8, true)
      offset 0
    ) f
    group by f.document_id
    having count(distinct c.place) = jsonb_array_length(matching_versions.conditions)
  ) m
  join app.document d on d.tenant_id = matching_versions.tenant and d.id = m.document_id
$$;

revoke all on function app.matching_versions(uuid, jsonb) from public;
grant execute on function app.matching_versions(uuid, jsonb) to gatehouse_app;
