-- In which shape records are written: a row of this name says that it is that of this release. A database
-- without any record or head begins with it; elsewhere `tillcast log shape --turn` writes it, once no older
-- process is at work. Older releases refuse a database that has the row, since it is marked as breaking.
set local search_path = tillcast;

insert into migration (name, is_breaking)
select '202612010001-shape-2', true
where not exists (select from avro_schema)
  and not exists (select from order_head)
  and not exists (select from checkpoint);
