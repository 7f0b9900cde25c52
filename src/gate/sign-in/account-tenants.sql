-- The tenants in which an account may act now.
select t.id as tenant_id, t.slug, t.name, u.user_id, st.role
from app.account_tenant u
join app.tenant t on t.id = u.tenant_of and t.status = 'active'
join app.user_standing st on st.tenant_of = u.tenant_of and st.user_id = u.user_id and not st.is_disabled
where u.account_id = :account_id::uuid
order by t.name, t.id
