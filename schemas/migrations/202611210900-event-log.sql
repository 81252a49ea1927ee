-- The event log on PostgreSQL: topics, partitions, segments and record batches; and, for whichever log
-- is in use, the positions of its readers and the records that they could not take.
-- No tenant reads these tables: a log carries every tenant's records.
set local search_path = tillcast;

create table log_topic (
  topic_id uuid not null default gen_random_uuid() unique,
  topic text not null unique,
  ordinal smallint generated always as identity primary key,
  partitions int not null check (partitions between 1 and 1024 and partitions & (partitions - 1) = 0),
  retention_ms bigint check (retention_ms >= 0)
);

-- A segment is a run of one topic's batches in a table of its own, so that retention drops whole tables.
create table log_segment (
  segment int generated always as identity primary key,
  ordinal smallint not null references log_topic on delete cascade,
  opened_at timestamptz,
  closed_at timestamptz
);
create index log_segment_ordinal on log_segment (ordinal, segment);

create table log_segment_start (
  segment int not null references log_segment on delete cascade,
  partition smallint not null,
  base_offset bigint not null,
  primary key (segment, partition)
);

-- The row that an append locks: its lock makes offsets gap-free and visible in order.
create table log_partition (
  ordinal smallint not null references log_topic on delete cascade,
  partition smallint not null,
  next_offset bigint not null default 0,
  segment int not null,
  start_offset bigint not null default 0,
  primary key (ordinal, partition)
) with (fillfactor = 50);

-- One row for each batch of one partition, as in Kafka: a row per record costs several times as much.
create table log_batch (
  segment int not null,
  partition smallint not null,
  base_offset bigint not null,
  record_count int not null check (record_count > 0),
  appended_at timestamptz not null,
  payload bytea storage external not null,
  primary key (segment, partition, base_offset)
) partition by list (segment);

-- Gives every (group, topic) a number for its advisory locks, so that no two groups share one.
create table log_group (
  lock_class int generated always as identity primary key,
  group_name text not null,
  topic text not null,
  unique (group_name, topic)
);

create table checkpoint (
  group_name text not null,
  topic text not null,
  partition smallint not null,
  topic_id uuid not null,
  position bigint not null check (position >= 0),
  primary key (group_name, topic, partition)
) with (fillfactor = 50);

create table dead_letter (
  topic text not null,
  topic_id uuid not null,
  partition smallint not null,
  record_offset bigint not null,
  group_name text not null,
  key text not null,
  value bytea not null,
  headers jsonb not null,
  reason text not null,
  at timestamptz not null,
  primary key (topic, topic_id, partition, record_offset, group_name)
);

-- Creates the table of a topic's next segment; appends go on meanwhile, since attaching takes no lock
-- that an insert waits for.
create function add_log_segment(for_ordinal smallint) returns int
language plpgsql security definer set search_path = tillcast, pg_temp as $$
declare
  added int;
begin
  insert into log_segment (ordinal) values (for_ordinal) returning segment into added;
  execute format('create table log_batch_%s (like log_batch including all)', added);
  execute format('alter table log_batch attach partition log_batch_%s for values in (%s)', added, added);
  return added;
end $$;

-- Sends all further batches of a topic to a segment that was added (and committed) before.
create function open_log_segment(opened int, opened_when timestamptz) returns void
language plpgsql security definer set search_path = tillcast, pg_temp as $$
declare
  of_ordinal smallint;
begin
  select ordinal into strict of_ordinal from log_segment where segment = opened and opened_at is null;
  perform 1 from log_partition where ordinal = of_ordinal order by partition for update;
  update log_segment set closed_at = opened_when
    where ordinal = of_ordinal and opened_at is not null and closed_at is null;
  update log_segment set opened_at = opened_when where segment = opened;
  insert into log_segment_start (segment, partition, base_offset)
    select opened, partition, next_offset from log_partition where ordinal = of_ordinal;
  update log_partition set segment = opened where ordinal = of_ordinal;
end $$;

-- Makes a topic with its first segment; false when it exists, whose retention is then brought up to date.
create function create_log_topic(
  new_topic text, partition_count int, keep_ms bigint, created_when timestamptz
) returns boolean
language plpgsql security definer set search_path = tillcast, pg_temp as $$
declare
  made smallint;
  first_segment int;
begin
  insert into log_topic (topic, partitions, retention_ms) values (new_topic, partition_count, keep_ms)
    on conflict (topic) do nothing returning ordinal into made;
  if made is null then
    update log_topic set retention_ms = keep_ms
      where topic = new_topic and retention_ms is distinct from keep_ms;
    return false;
  end if;
  first_segment := add_log_segment(made);
  insert into log_partition (ordinal, partition, segment)
    select made, p, first_segment from generate_series(0, partition_count - 1) as p;
  perform open_log_segment(first_segment, created_when);
  return true;
end $$;

-- Drops a topic's oldest segment, unless a durable group has yet to read from it; true when dropped.
-- The table is locked first and the rows after it, in the order of an append, so that the two never deadlock;
-- appends queue behind the wait for that lock, so it is given up soon.
create function drop_log_segment(dropped int) returns boolean
language plpgsql security definer set search_path = tillcast, pg_temp set lock_timeout = '500ms' as $$
declare
  of_ordinal smallint;
  following int;
begin
  lock table log_batch in access exclusive mode;
  select ordinal into of_ordinal from log_segment s
    where segment = dropped and closed_at is not null
    and not exists (select 1 from log_segment o where o.ordinal = s.ordinal and o.segment < dropped);
  if of_ordinal is null then
    return false;
  end if;
  perform 1 from log_partition where ordinal = of_ordinal order by partition for update;
  select min(segment) into strict following from log_segment
    where ordinal = of_ordinal and segment > dropped and opened_at is not null;
  if exists (
    select 1 from checkpoint c
    join log_topic t on t.topic = c.topic and t.topic_id = c.topic_id
    join log_segment_start f on f.segment = following and f.partition = c.partition
    where t.ordinal = of_ordinal and c.position < f.base_offset
  ) then
    return false;
  end if;
  update log_partition p set start_offset = f.base_offset from log_segment_start f
    where p.ordinal = of_ordinal and f.segment = following and f.partition = p.partition;
  delete from log_segment where segment = dropped;
  execute format('drop table log_batch_%s', dropped);
  return true;
end $$;

revoke execute on function add_log_segment(smallint) from public;
revoke execute on function open_log_segment(int, timestamptz) from public;
revoke execute on function create_log_topic(text, int, bigint, timestamptz) from public;
revoke execute on function drop_log_segment(int) from public;
grant execute on function add_log_segment(smallint) to tillcast_service;
grant execute on function open_log_segment(int, timestamptz) to tillcast_service;
grant execute on function create_log_topic(text, int, bigint, timestamptz) to tillcast_service;
grant execute on function drop_log_segment(int) to tillcast_service;

revoke all on log_topic, log_segment, log_segment_start, log_partition, log_batch, log_group,
  checkpoint, dead_letter from public;
grant select on log_topic, log_segment, log_segment_start to tillcast_service;
grant select, update on log_partition to tillcast_service;
grant select, insert on log_batch to tillcast_service;
grant select, insert on log_group to tillcast_service;
grant select, insert, update, delete on checkpoint, dead_letter to tillcast_service;
