-- The user an invitation is for: new, or one that the tenant has described already under the same address.
insert into app.tenant_user as u (tenant_id, id, name, email, role)
values (:tenant_id::uuid, :user_id, :name, :email, :role)
on conflict (tenant_id, id) do update set name = u.name where u.email = excluded.email and u.disabled_at is null
returning xmax = 0 as is_new
