-- What is set of a store over time, which orders are kept and not counted, and which parked orders were looked at.
set local search_path = tillcast;

alter table store
  add column groups text[] not null default '{}',
  -- The first business date on which the store trades no more; null while it trades.
  add column closed_from date;

-- Append-only as `store_closeout`: a change of zone does not rewrite the past. A store without rows has had one zone.
create table store_zone (
  store_id uuid not null references store,
  tenant_id uuid not null references tenant,
  effective_from date not null,
  time_zone text not null,
  primary key (store_id, effective_from)
);
alter table store_zone enable row level security;
alter table store_zone force row level security;
create policy tenant_only on store_zone for select to tillcast_tenant
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy service_all on store_zone for all to tillcast_service using (true) with check (true);
grant select on store_zone to tillcast_tenant;
grant select, insert, update, delete on store_zone to tillcast_service;

-- The zone of a store today; `fallback` is the store's own, for one whose zone never changed.
create function present_time_zone(of_store uuid, fallback text) returns text
language sql stable
return coalesce(
  (
    select time_zone from store_zone
    where store_id = of_store and effective_from <= current_date
    order by effective_from desc
    limit 1
  ),
  fallback);

-- Orders outside their feed's authority dates; the index holds those alone, so that others cost nothing.
alter table order_head add column is_withheld boolean not null default false;
create index order_head_withheld on order_head (tenant_id, source, account_id, location_id) where is_withheld;

-- The feed's mapping revision at which a parked order was looked at in vain; it is looked at again when that rises.
alter table parked_order add column tried_revision integer;
