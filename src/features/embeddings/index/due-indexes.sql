-- The vector tables of a tenant that hold so many vectors that they are due an index, and have none that is valid. How
-- many they hold is read off the size of the file (24 bytes of row header, 48 of ids, 8 + 2 a dimension of vector, 4 of
-- line pointer): counting a large table at the end of every turn would cost more than the turn.
select v.number, v.relation::regclass::text as "table"
from (
  select m.number, p.oid as relation,
    pg_relation_size(p.oid) / current_setting('block_size')::int
      * greatest(1, (current_setting('block_size')::int - 24) / (84 + 2 * m.dimension)) as vectors
  from app.embedding_model m
  join pg_class p on p.oid = to_regclass(format('app.vector_%s_%s', m.number, :partition::text)) and p.relispartition
  where m.state <> 'retired'
) v
where v.vectors >= :from
  and not exists (
    select from pg_index i
    join pg_class c on c.oid = i.indexrelid
    join pg_am a on a.oid = c.relam
    where i.indrelid = v.relation and a.amname = 'hnsw' and i.indisvalid
  )
order by v.number
