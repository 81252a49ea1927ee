-- Jobs: one at a time under a queue key, priorities, a named end, and schedules that all processes share.
set local search_path = tillcast;

alter table job
  -- Of the jobs under one key one runs at a time, such as of one vendor connection.
  add column queue_key text,
  -- Higher ones start first.
  add column priority smallint not null default 0,
  -- How a job ended: done; refused, since trying again changes nothing; gave_up after its last attempt; lost with
  -- the processes that ran it. Null before the end, and on rows of earlier releases.
  add column outcome text check (outcome in ('done', 'refused', 'gave_up', 'lost'));

create unique index job_running_in_queue on job (queue_key) where state = 'running' and queue_key is not null;
create index job_running on job (kind, tenant_id) where state = 'running';
create index job_ready on job (priority desc, run_after) where state = 'queued';
create index job_finished on job (finished_at) where finished_at is not null;

-- When the jobs of a kind are next queued by themselves; one process of all queues each of them.
create table job_schedule (
  kind text primary key,
  cron text not null,
  next_at timestamptz not null,
  last_at timestamptz
);
grant select, insert, update, delete on job_schedule to tillcast_service;
