-- One page of the users of a tenant, each with the names of its groups; a filter that is null lets all through.
select u.id, u.name, u.email, u.role, u.disabled_at, u.created_at,
  coalesce((
    select array_agg(g.name order by g.name)
    from app.group_member m join app.user_group g on g.tenant_id = m.tenant_id and g.id = m.group_id
    where m.tenant_id = u.tenant_id and m.user_id = u.id
  ), '{}'::text[]) as groups
from app.tenant_user u
where u.tenant_id = :tenant_id::uuid and u.id > :after
  and (:group_id::uuid is null or exists (
    select from app.group_member m
    where m.tenant_id = u.tenant_id and m.user_id = u.id and m.group_id = :group_id::uuid))
  and (:role::text is null or u.role = :role::text)
  and (:is_disabled::boolean is null or (u.disabled_at is not null) = :is_disabled::boolean)
  and (:find::text is null or position(lower(:find::text) in lower(concat_ws(' ', u.id, u.name, u.email))) > 0)
order by u.id limit :limit::int
