-- One outbox for whatever leaves the product: mail, and channels to come. What waited as mail moves into it.
set local search_path = tillcast;

create table delivery (
  delivery_id uuid primary key,
  tenant_id uuid references tenant,
  -- Who sends it: mail, and later webhook, teams, slack.
  channel text not null,
  -- Whom it reaches there, such as an address.
  target text not null,
  -- What is sent, in the channel's own shape; null once it was sent or given up, since it may hold a link.
  payload jsonb,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'gave_up')),
  attempts integer not null default 0,
  next_at timestamptz not null default now(),
  last_error text,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  check (state <> 'waiting' or payload is not null)
);
create index delivery_waiting on delivery (channel, next_at) where state = 'waiting';
create index delivery_ended on delivery (ended_at) where ended_at is not null;

alter table delivery enable row level security;
alter table delivery force row level security;
create policy tenant_only on delivery for select to tillcast_tenant
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy service_all on delivery for all to tillcast_service using (true) with check (true);
grant select, insert, update, delete on delivery to tillcast_service;
-- What is sent may hold a link that signs somebody in: a tenant sees that it was sent, not what.
grant select (delivery_id, tenant_id, channel, target, state, attempts, next_at, last_error, created_at, ended_at)
  on delivery to tillcast_tenant;

set local role tillcast_service;
with moved as (
  delete from outbox_mail returning *
)
insert into delivery (delivery_id, tenant_id, channel, target, payload, state, attempts, next_at, last_error,
  created_at, ended_at)
select mail_id, tenant_id, 'mail', recipient,
  case when sent_at is null and failed_reason is null
    then jsonb_build_object('subject', subject, 'text', body) end,
  case when sent_at is not null then 'sent' when failed_reason is not null then 'gave_up' else 'waiting' end,
  attempts, run_after, failed_reason, created_at,
  case when sent_at is not null then sent_at when failed_reason is not null then run_after end
from moved;
reset role;
