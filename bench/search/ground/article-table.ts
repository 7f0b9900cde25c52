// The article's own table beside ours, with the same rows: one table, row-level security by a setting, an index on
// tenant_id and an HNSW index over everything (m 16, ef_construction 64, as its "Benchmarks" say).
import { ARTICLE, type BenchDatabase } from './bench-database.ts'

export async function makeArticleTable(
  database: BenchDatabase,
  { dimension, model }: { readonly dimension: number; readonly model: number },
): Promise<{ readonly articleHnswSeconds: number }> {
  await database.asAdmin(`
    create schema article;
    create table article.documents (
      id uuid primary key, tenant_id uuid not null, title text not null, content text not null,
      metadata jsonb not null default '{}', embedding vector(${dimension}),
      created_at timestamptz not null default now(), updated_at timestamptz not null default now());
    alter table article.documents enable row level security;
    create policy tenant_isolation on article.documents
      using (tenant_id = current_setting('app.current_tenant_id')::uuid);
    grant usage on schema article to ${ARTICLE};
    grant select on article.documents to ${ARTICLE};
    insert into article.documents (id, tenant_id, title, content, embedding)
    select d.id, d.tenant_id, d.title, c.content, v.embedding::vector(${dimension})
    from app.document d
    join app.chunk c on c.tenant_id = d.tenant_id and c.version_id = d.current_version_id
    join app.vector_${model} v on v.tenant_id = c.tenant_id and v.chunk_id = c.id;
    create index on article.documents (tenant_id)`)
  const begun = performance.now()
  await database.asAdmin(`
    set maintenance_work_mem = '2GB';
    create index on article.documents using hnsw (embedding vector_cosine_ops) with (m = 16, ef_construction = 64);
    reset maintenance_work_mem`)
  const articleHnswSeconds = (performance.now() - begun) / 1_000
  await database.asAdmin('vacuum analyze article.documents')
  return { articleHnswSeconds }
}
