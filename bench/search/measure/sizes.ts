// What lies on disk, by kind.
import type { SearchGround } from '../ground/search-ground.ts'
import type { Lines } from '../report/lines.ts'

export const SIZES = 'Sizes and preparation'
const MB = 1_000_000

/** Tables with their indexes; the vector indexes also on their own. */
export async function measureSizes({ database, model, prepared }: SearchGround, lines: Lines): Promise<void> {
  const rows = await database.asAdmin(
    `select s.kind, sum(s.bytes)::float8 as bytes from (
       select case
           when n.nspname = 'article' and c.relkind = 'i' and a.amname = 'hnsw' then 'article: HNSW index'
           when n.nspname = 'article' then 'article: table and other indexes'
           when c.relkind = 'i' and a.amname = 'hnsw' then 'HNSW indexes'
           when coalesce(p.relname, c.relname) ~ '^vector_${model}(_|$)' then 'vectors'
           when coalesce(p.relname, c.relname) ~ '^(posting|term)' then 'postings and word statistics'
           when coalesce(p.relname, c.relname) ~ '^(chunk|document|version_text|document_version)' then 'documents and chunks'
         end as kind,
         pg_relation_size(c.oid) + case when c.reltoastrelid = 0 then 0 else pg_total_relation_size(c.reltoastrelid) end as bytes
       from pg_class c
       join pg_namespace n on n.oid = c.relnamespace
       left join pg_am a on a.oid = c.relam
       left join pg_index i on i.indexrelid = c.oid
       left join pg_class p on p.oid = i.indrelid
       where n.nspname in ('app', 'article') and c.relkind in ('r', 'i')
     ) s where s.kind is not null group by s.kind order by s.kind`,
  )
  for (const { kind, bytes } of rows) lines.add(SIZES, { what: String(kind) }, { MB: Number(bytes) / MB })
  const { loadSeconds, hnswSeconds, articleHnswSeconds } = prepared
  lines.add(SIZES, { what: 'documents, postings and vectors put in' }, { seconds: loadSeconds })
  lines.add(SIZES, { what: 'HNSW indexes built, one a large tenant' }, { seconds: hnswSeconds })
  lines.add(SIZES, { what: 'article: HNSW index built' }, { seconds: articleHnswSeconds })
}
