-- A dead letter carries the order that it is about, so that an order's status finds its own and decodes no
-- other. What names no order has no name; letters of before are named when somebody asks after an order of
-- the same account. Additive; the release before goes on writing letters without a name.
set local search_path = tillcast;

alter table dead_letter
  -- As text: what cannot be settled may carry anything in the place of an id.
  add column tenant_id text,
  add column source text,
  add column account_id text,
  add column order_id text,
  -- Whether a name was looked for, found or not.
  add column is_named boolean not null default false;

create index dead_letter_of_order on dead_letter (tenant_id, source, account_id, order_id)
  where order_id is not null;
create index dead_letter_unnamed on dead_letter (topic, key) where not is_named;

-- A row names a tenant now, so it is kept apart like every such row; tenants read no letter themselves.
alter table dead_letter enable row level security;
alter table dead_letter force row level security;
create policy service_all on dead_letter for all to tillcast_service using (true) with check (true);
