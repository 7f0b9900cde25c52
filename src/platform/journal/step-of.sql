-- A step as the run of :epoch finds it; no row once a later run holds the stream.
select step.name is not null as done, step.output
from app.journal_stream stream
left join app.journal_step step
  on step.tenant_id = stream.tenant_id and step.stream_id = stream.id and step.name = :name
where stream.tenant_id = :tenant_id and stream.id = :stream_id and stream.epoch = :epoch
