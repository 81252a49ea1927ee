-- What is set or learnt of a feed: how its numbers repeat, how its sender rounds, which currency it is in; and the
-- history of each such decision, append-only, so that it can be told why an order was named and counted as it was.
set local search_path = tillcast;

alter table feed
  add column numbering text not null default 'unknown'
    check (numbering in ('unknown', 'unique', 'per_register', 'per_day', 'per_register_and_day')),
  add column numbering_from text not null default 'default'
    check (numbering_from in ('default', 'set', 'learnt', 'vendor')),
  -- Orders in another currency are parked; null takes every currency.
  add column currency text,
  add column rounding text not null default 'half_even' check (rounding in ('half_even', 'half_up')),
  add column rounding_by text not null default 'line' check (rounding_by in ('line', 'order')),
  -- Minor units by which a sender's sums may differ from ours.
  add column tolerance_minor bigint not null default 0 check (tolerance_minor >= 0),
  -- By how much the till's clock was last seen ahead of ours; null where it is not.
  add column clock_ahead_ms bigint,
  add column clock_ahead_at timestamptz;

-- These give each order an id of its own. Forced policies would hide the rows from their owner.
alter table feed no force row level security;
update feed
set numbering = 'unique', numbering_from = 'vendor'
where source not in ('push', 'file');
alter table feed force row level security;

create table feed_rule (
  tenant_id uuid not null references tenant,
  source text not null,
  account_id text not null,
  location_id text not null,
  -- The feed's mapping revision from which the rule holds.
  mapping_revision integer not null,
  rule text not null check (rule in ('store', 'authority', 'numbering', 'rounding', 'currency')),
  value jsonb not null,
  -- A person, a command or `learnt`, with the evidence in the value.
  decided_by text not null,
  decided_at timestamptz not null default now(),
  primary key (tenant_id, source, account_id, location_id, mapping_revision, rule)
);
alter table feed_rule enable row level security;
alter table feed_rule force row level security;
create policy tenant_only on feed_rule for select to tillcast_tenant
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy service_all on feed_rule for all to tillcast_service using (true) with check (true);
grant select on feed_rule to tillcast_tenant;
grant select, insert on feed_rule to tillcast_service;
