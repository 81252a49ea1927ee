-- Which tenants have an inbox: a topic to which their own Kafka producers write.
set local search_path = tillcast;

create table inbox_topic (
  tenant_id uuid primary key references tenant,
  topic text not null unique,
  created_at timestamptz not null default now()
);

alter table inbox_topic enable row level security;
alter table inbox_topic force row level security;
create policy tenant_only on inbox_topic for all to tillcast_tenant
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy service_all on inbox_topic for all to tillcast_service using (true) with check (true);
grant select, insert, update, delete on inbox_topic to tillcast_service;
grant select on inbox_topic to tillcast_tenant;
