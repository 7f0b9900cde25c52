-- Tasks of the caller with all that a caller sees of them, in one look: what it shows and the number of the newest event
-- belong together.
select t.id, t.context_id, t.workflow, t.state, t.say, t.reason, t.facts, t.status_at, t.label, t.created_at, t.finished_at,
  t.deadline_at, s.last_sequence,
  coalesce((select sum(l.cost_nano) from app.ledger l where l.tenant_id = t.tenant_id and l.task = t.id::text), 0)::text as cost_nano,
  case when :history::int is null or :history::int > 0 then (
    select jsonb_agg(jsonb_build_object('message_id', m.message_id, 'role', m.role, 'parts', m.parts, 'metadata', m.metadata, 'at', m.at)
      order by m.ordinal)
    from (select * from app.task_message m where m.tenant_id = t.tenant_id and m.task_id = t.id
      order by m.ordinal desc limit :history) m) end as history,
  case when :artifacts::boolean then (
    select jsonb_agg(jsonb_build_object('artifact_id', a.id, 'name', a.name, 'description', a.description, 'metadata', a.metadata,
      'parts', (select jsonb_agg(p.part order by p.ordinal) from app.task_artifact_part p
        where p.tenant_id = a.tenant_id and p.task_id = a.task_id and p.artifact_id = a.id)) order by a.ordinal)
    from app.task_artifact a where a.tenant_id = t.tenant_id and a.task_id = t.id) end as artifacts
from app.task t
join app.journal_stream s on s.tenant_id = t.tenant_id and s.id = t.id
where t.tenant_id = :tenant_id and t.subject = :subject and t.id = any(:ids::uuid[])
order by t.status_at desc, t.id desc
