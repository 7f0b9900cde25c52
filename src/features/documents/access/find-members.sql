-- Which of the :users and :groups (names, or ids) there are, and whether :subject is in one of the groups. The subject
-- itself is known, whether or not it has been described.
with named as materialized (
  select g.given, g.place, coalesce(
      -- An id goes before a name that looks like one.
      (select u.id from app.user_group u where u.tenant_id = :tenant_id and u.id = case
        when g.given ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then g.given::uuid end),
      (select u.id from app.user_group u where u.tenant_id = :tenant_id and u.name = g.given)) as id
  from unnest(:groups::text[]) with ordinality as g (given, place)
)
select
  array(
    select u.given from unnest(:users::text[]) with ordinality as u (given, place)
    where u.given <> :subject
      and not exists (select from app.tenant_user t where t.tenant_id = :tenant_id and t.id = u.given)
    order by u.place
  ) as "unknownUsers",
  array(select n.given from named n where n.id is null order by n.place) as "unknownGroups",
  array(select n.id::text from named n where n.id is not null) as groups,
  exists (
    select from named n join app.group_member m on m.tenant_id = :tenant_id and m.group_id = n.id
    where m.user_id = :subject
  ) as "isMember"
