-- Whether whoever invited may still do so. One that nobody has described acted by a token that an operator signed.
select not exists (
  select from app.user_standing s
  where s.tenant_of = :tenant_id::uuid and s.user_id = :invited_by
    and (s.is_disabled or s.role not in ('owner', 'admin') or (:role = 'owner' and s.role <> 'owner'))
) as stands
