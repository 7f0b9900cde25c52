-- Embeddings: one table per model, named by its number. Model 1 is the built-in `local` embedder.
-- STORAGE PLAIN keeps a vector in its row; the default would fetch each from a side table at every distance.

create table app.embedding_model (
  number int primary key,
  name text not null unique,
  dimension int not null check (dimension between 1 and 4000)
);
insert into app.embedding_model (number, name, dimension) values (1, 'local-ngram-1', 384);
grant select on app.embedding_model to gatehouse_app;

create table app.vector_1 (
  tenant_id uuid not null,
  chunk_id uuid not null,
  document_id uuid not null,
  embedding halfvec(384) not null,
  primary key (tenant_id, chunk_id)
) partition by list (tenant_id);
create index vector_1_of_document on app.vector_1 (tenant_id, document_id);
alter table app.vector_1 alter column embedding set storage plain;

alter table app.vector_1 enable row level security;
alter table app.vector_1 force row level security;
create policy own_rows on app.vector_1
  using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()));
grant select, insert, delete on app.vector_1 to gatehouse_app;
