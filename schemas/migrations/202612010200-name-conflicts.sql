-- How an order is told from another: what did not fit the order known under its name, and where names have moved.
set local search_path = tillcast;

-- A picture that bears the number of an order that it is not. It is kept here, counts nowhere, and waits for a person
-- or a rule. Rows are records of what the ledger decided, and replay obeys them: they stay as long as the log does.
create table name_conflict (
  conflict_id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  -- The key of the name that the picture bears, and the hash of its content.
  order_key bytea not null,
  version_hash text not null,
  source text not null,
  account_id text not null,
  location_id text not null,
  order_id text not null,
  store_id uuid not null,
  reason text not null,
  schema_fingerprint bytea not null,
  snapshot bytea not null,
  -- The order that was known under the name then.
  known_store_id uuid not null,
  known_fingerprint bytea not null,
  known_snapshot bytea not null,
  recorded_at timestamptz not null,
  decision text check (decision in ('correction', 'another_sale', 'discard', 'renamed')),
  -- A person, a command or a rule.
  decided_by text,
  decided_at timestamptz,
  -- The number space under which it is counted, where the decision gave it one.
  decided_space text,
  -- When the decision was appended to the log, by which the ledger learns of it.
  appended_at timestamptz,
  unique (order_key, version_hash)
);
create index name_conflict_feed on name_conflict (tenant_id, source, account_id, location_id);
create index name_conflict_undecided on name_conflict (tenant_id, recorded_at) where decision is null;
create index name_conflict_unappended on name_conflict (decided_at)
  where decision is not null and decision <> 'discard' and appended_at is null;
alter table name_conflict enable row level security;
alter table name_conflict force row level security;
create policy tenant_only on name_conflict for select to tillcast_tenant
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy service_all on name_conflict for all to tillcast_service using (true) with check (true);
grant select on name_conflict to tillcast_tenant;
grant select, insert, update, delete on name_conflict to tillcast_service;

-- A name that an order has left: what arrives under it belongs to the order of the other key. Such a head posts nothing.
alter table order_head add column moved_to bytea;
create index order_head_moved on order_head (order_key) where moved_to is not null;

-- Has a row where orders may be known by account and number alone, as releases before named a push without account:
-- wherever records of their shape are written or were.
create table former_names (
  is_present boolean primary key check (is_present),
  since timestamptz not null default now()
);
grant select, insert on former_names to tillcast_service;
grant select on former_names to tillcast_tenant;
insert into former_names (is_present)
select true where not exists (select from migration where name = '202612010001-shape-2');
