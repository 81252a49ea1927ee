-- Every schema gets a number, which the event log's records carry in front of their Avro.
set local search_path = tillcast;

alter table avro_schema add column schema_id int generated always as identity unique;
