insert into app.invitation (tenant_id, id, email, user_id, name, role, secret_hash, invited_by, expires_at)
values (:tenant_id::uuid, :id::uuid, :email, :user_id, :name, :role, :secret_hash::bytea, :invited_by,
  now() + make_interval(secs => :lifetime_s::int))
returning *
