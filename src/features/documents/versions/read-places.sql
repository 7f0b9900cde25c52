-- The pieces of text in which places stand, of each place in order; no rows for one in a document or version that the
-- caller cannot read.
select p.place, t.start_at, t.content
from unnest(:documents::uuid[], :versions::int[], :starts::int[], :ends::int[]) with ordinality
  as p (document_id, version, start_at, end_at, place)
join app.document d on d.tenant_id = :tenant_id and d.id = p.document_id
join app.document_version v
  on v.tenant_id = :tenant_id and v.document_id = p.document_id and v.version = p.version
join app.version_text t
  on t.tenant_id = :tenant_id and t.version_id = v.id and t.start_at < p.end_at
    and t.start_at >= coalesce((
      select max(u.start_at) from app.version_text u
      where u.tenant_id = :tenant_id and u.version_id = v.id and u.start_at <= p.start_at), 0)
order by p.place, t.start_at
