-- Which tier of storage this database is, and hypertables where it has TimescaleDB. On plain PostgreSQL
-- the tables stay as they are: every statement means the same on both.
set local search_path = tillcast;

create table storage_tier (
  is_only boolean primary key default true check (is_only),
  tier text not null check (tier in ('plain', 'timescale-apache', 'timescale-community')),
  timescale_version text,
  recorded_at timestamptz not null default now()
);
grant select on storage_tier to tillcast_service, tillcast_tenant;

-- By the extension and its licence: its functions are there in every edition.
insert into storage_tier (tier, timescale_version)
select case
    when extension.extversion is null then 'plain'
    when current_setting('timescaledb.license', true) = 'timescale' then 'timescale-community'
    else 'timescale-apache'
  end,
  extension.extversion
from (select) as always
left join pg_extension as extension on extension.extname = 'timescaledb';

do $$
declare
  hyper record;
  count_before bigint;
  count_after bigint;
begin
  if (select tier from storage_tier) = 'plain' then
    return;
  end if;
  -- Chunks have the grants of their hypertable and not its policies, so nobody else may reach them by name.
  -- In a schema of ours that needs no superuser; only the owner has usage on a new one.
  create schema tillcast_chunks;
  for hyper in
    select * from (values
      ('ledger_entry', 'business_date'),
      ('rollup_15m', 'window_start'),
      ('rollup_hour', 'window_start'),
      ('forecast_vintage', 'issued_at')
    ) as listed (name, time_column)
  loop
    -- Forced policies would hide the rows that are to be moved from their own owner.
    execute format('alter table %I disable row level security', hyper.name);
    execute format('select count(*) from %I', hyper.name) into count_before;
    execute format(
      'select %I.create_hypertable(%L, %L, chunk_time_interval => interval ''1 month'',
         associated_schema_name => ''tillcast_chunks'', create_default_indexes => false, migrate_data => true)',
      (select extnamespace::regnamespace from pg_extension where extname = 'timescaledb'),
      'tillcast.' || hyper.name, hyper.time_column);
    execute format('select count(*) from %I', hyper.name) into count_after;
    if count_after <> count_before then
      raise exception '% had % rows and has % as a hypertable', hyper.name, count_before, count_after;
    end if;
    execute format('alter table %I enable row level security', hyper.name);
    execute format('alter table %I force row level security', hyper.name);
  end loop;
end $$;
