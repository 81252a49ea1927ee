-- What changed and is to be told, written with the change itself; a row goes once it was said.
set local search_path = tillcast;

create table change (
  change_id bigint generated always as identity primary key,
  -- Null for work of the whole installation.
  tenant_id uuid references tenant,
  kind text not null check (kind in ('forecast', 'feed', 'job')),
  -- The store or job that changed; it is the key of the record that says so.
  subject uuid not null,
  -- The record, where it was known with the change; else it is made of the row as it stands when it is said.
  record bytea,
  at timestamptz not null default now()
);
create index change_job on change (subject) where kind = 'job';

alter table change enable row level security;
alter table change force row level security;
create policy service_all on change for all to tillcast_service using (true) with check (true);
grant select, insert, delete on change to tillcast_service;
