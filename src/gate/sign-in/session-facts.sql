-- A session that has not ended, its account, and how the account's user stands in the tenant the session acts in.
select s.account_id, s.tenant_of, s.expires_at, s.seen_at < now() - interval '1 minute' as is_due,
  a.email, a.name, a.is_operator,
  u.user_id, st.role, coalesce(st.is_disabled, true) as is_disabled, coalesce(t.status = 'active', false) as tenant_is_active,
  t.name as tenant_name
from app.session s
join app.account a on a.id = s.account_id and a.disabled_at is null
left join app.account_tenant u on u.account_id = s.account_id and u.tenant_of = s.tenant_of
left join app.user_standing st on st.tenant_of = u.tenant_of and st.user_id = u.user_id
left join app.tenant t on t.id = s.tenant_of
where s.token_hash = :digest and s.expires_at > now()
  and s.seen_at > now() - make_interval(secs => :idle_seconds::int)
