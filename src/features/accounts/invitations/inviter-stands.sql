-- Whether whoever invited may still do so. One that nobody has described acted by a token that an operator signed. An operator
-- names the first owner alone (appoint_owner): of two links the one that is followed later opens nothing.
select not exists (
  select from app.user_standing s
  where s.tenant_of = :tenant_id::uuid and s.user_id = :invited_by
    and (s.is_disabled or s.role not in ('owner', 'admin') or (:role = 'owner' and s.role <> 'owner'))
) and not (:role = 'owner' and :invited_by like 'operator:%' and exists (
  select from app.user_standing o
  where o.tenant_of = :tenant_id::uuid and o.role = 'owner' and not o.is_disabled
)) as stands
