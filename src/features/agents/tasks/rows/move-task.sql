-- The status is as old as the event that tells of it, which has just been written.
-- While a task waits for somebody its time stands still: what is left is put by, and given back when it goes on.
update app.task set
  state = :to, say = :say, reason = :reason, facts = :facts::jsonb, waiting_for = :waiting_for, status_at = (select e.at from app.journal_event e where e.tenant_id = :tenant_id and e.stream_id = :id order by e.sequence desc limit 1),
  finished_at = case when :ends::boolean then clock_timestamp() end,
  attempt = case when :waits::boolean then 0 else attempt end,
  left_ms = case when deadline_at is null then left_ms
    else greatest(extract(epoch from deadline_at - clock_timestamp()) * 1000, 0)::bigint end,
  deadline_at = case when not (:waits::boolean or :ends::boolean) then coalesce(deadline_at, clock_timestamp() + left_ms * interval '1 ms') end
where tenant_id = :tenant_id and id = :id and state = any(:from::text[])
returning state
