// Recounts a tenant's search tables and names everything that does not agree. Empty: each document is in them
// whole, what is not a document's current version is hidden, and the statistics are exact.
import type { Reader } from '../../src/platform/db/database.ts'
import { sql } from '../../src/platform/db/statements.ts'

export async function indexFaults(tx: Reader): Promise<string[]> {
  const rows = await tx.all(sql<{ fault: string }>`
    with seen as (
      select c.* from app.chunk c where not exists (select from app.hidden_version h where h.version_id = c.version_id)
    ),
    counted as (
      select p.term, count(*)::int as df from app.posting p
      where not exists (select from app.hidden_version h where h.version_id = p.version_id)
      group by p.term
    )
    select 'term ' || term || ': df ' || coalesce(s.df, 0) || ', counted ' || coalesce(p.df, 0) as fault
    from app.term_stat s
    full join counted p using (term)
    where s.df is distinct from p.df
    union all
    select 'corpus: ' || s.chunks || ' chunks of ' || s.total_length || ', counted ' || c.chunks || ' of ' || c.total_length
    from app.corpus_stat s, (select count(*) as chunks, coalesce(sum(length), 0) as total_length from seen) c
    where (s.chunks, s.total_length) <> (c.chunks, c.total_length)
    union all
    select 'language ' || language || ': ' || coalesce(l.documents, 0) || ' documents, counted ' || coalesce(d.documents, 0)
    from (select * from app.corpus_language where documents > 0) l
    full join (select language, count(*)::int as documents from app.document group by language) d using (language)
    where l.documents is distinct from d.documents
    union all
    select 'chunk ' || c.id || ': length ' || c.length || ', postings hold ' || coalesce(sum(p.tf), 0)
    from app.chunk c left join app.posting p on p.chunk_id = c.id
    group by c.id, c.length
    having c.length <> coalesce(sum(p.tf), 0) or bool_or(p.length <> c.length or p.version_id <> c.version_id)
    union all
    select 'posting without a chunk: ' || p.term from app.posting p
    where not exists (select from app.chunk c where c.id = p.chunk_id)
    union all
    select 'vector without a chunk: ' || v.chunk_id from app.vector_1 v
    where not exists (select from app.chunk c where c.id = v.chunk_id and c.version_id = v.version_id)
    union all
    select 'vector ordered for no chunk: ' || p.chunk_id from app.pending_embedding p
    where not exists (select from app.chunk c where c.id = p.chunk_id and c.version_id = p.version_id)
    union all
    select 'visible chunk of no current version: ' || c.id from seen c
    where not exists (select from app.document d where d.current_version_id = c.version_id)
    union all
    select 'hidden current version of document ' || d.id from app.document d
    where exists (select from app.hidden_version h where h.version_id = d.current_version_id)
    union all
    select 'document without chunks: ' || d.id from app.document d
    where not exists (select from app.chunk c where c.version_id = d.current_version_id)
    union all
    select 'document without its version: ' || d.id from app.document d
    where not exists (select from app.document_version v where v.id = d.current_version_id and v.version = d.current_version)
    union all
    select 'version without its whole text: ' || v.id from app.document_version v
    where v.characters > 0 and not exists (select from app.version_text t where t.version_id = v.id and t.start_at = 0)
    union all
    select 'chunk that is not what its text says: ' || c.id
    from seen c
    join app.document_version v on v.id = c.version_id and v.characters < 60000
    join app.version_text t on t.version_id = c.version_id and t.start_at = 0
    where length(t.content) = v.characters and substr(t.content, c.start_at + 1, c.end_at - c.start_at) <> c.content`)
  return rows.map(({ fault }) => fault)
}
