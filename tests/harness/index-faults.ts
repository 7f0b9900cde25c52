// Recounts a tenant's search tables and names everything that does not agree. Empty: each document is in them
// whole, and the statistics are exact.
import type { Reader } from '../../src/platform/db/database.ts'
import { sql } from '../../src/platform/db/statements.ts'

export async function indexFaults(tx: Reader): Promise<string[]> {
  const rows = await tx.all(sql<{ fault: string }>`
    select 'term ' || term || ': df ' || coalesce(s.df, 0) || ', counted ' || coalesce(p.df, 0) as fault
    from app.term_stat s
    full join (select term, count(*)::int as df from app.posting group by term) p using (term)
    where s.df is distinct from p.df
    union all
    select 'corpus: ' || s.chunks || ' chunks of ' || s.total_length || ', counted ' || c.chunks || ' of ' || c.total_length
    from app.corpus_stat s, (select count(*) as chunks, coalesce(sum(length), 0) as total_length from app.chunk) c
    where (s.chunks, s.total_length) <> (c.chunks, c.total_length)
    union all
    select 'chunk ' || c.id || ': length ' || c.length || ', postings hold ' || coalesce(sum(p.tf), 0)
    from app.chunk c left join app.posting p on p.chunk_id = c.id
    group by c.id, c.length
    having c.length <> coalesce(sum(p.tf), 0) or bool_or(p.length <> c.length or p.document_id <> c.document_id)
    union all
    select 'posting without a chunk: ' || p.term from app.posting p
    where not exists (select from app.chunk c where c.id = p.chunk_id)
    union all
    select 'vector without a chunk: ' || v.chunk_id from app.vector_1 v
    where not exists (select from app.chunk c where c.id = v.chunk_id and c.document_id = v.document_id)
    union all
    select 'chunk without its document at that version: ' || c.id from app.chunk c
    where not exists (select from app.document d where d.id = c.document_id and d.current_version = c.version)
    union all
    select 'document without chunks: ' || d.id from app.document d
    where not exists (select from app.chunk c where c.document_id = d.id)
    union all
    select 'document without its version: ' || d.id from app.document d
    where not exists (select from app.document_version v where v.document_id = d.id and v.version = d.current_version)`)
  return rows.map(({ fault }) => fault)
}
