-- Forecast vintages and models, visible jobs, outgoing mail.
set local search_path = tillcast;

create table forecast_model (
  model_id uuid primary key,
  tenant_id uuid not null references tenant,
  name text not null,
  state text not null check (state in ('champion', 'challenger', 'retired')),
  trained_at timestamptz not null,
  cutoff timestamptz not null,
  -- Weights and whatever the model needs to predict.
  artifact bytea not null,
  metrics jsonb not null default '{}'
);
create unique index forecast_model_champion on forecast_model (tenant_id) where state = 'champion';

-- Every vintage is kept: one row per issue, with quantiles as arrays.
create table forecast_vintage (
  store_id uuid not null references store,
  channel text not null,
  grain text not null check (grain in ('15m', 'hour', 'day')),
  issued_at timestamptz not null,
  tenant_id uuid not null references tenant,
  cutoff timestamptz not null,
  model_name text not null,
  model_id uuid,
  version bigint not null,
  business_date date,
  starts timestamptz[] not null,
  quantiles double precision[] not null,
  -- Step after step, each with one value per quantile; minor units of the store's currency.
  "values" double precision[] not null,
  landing double precision[],
  primary key (store_id, channel, grain, issued_at)
);

-- The newest forecast of one business day, today's or a past one.
create index forecast_vintage_day on forecast_vintage (store_id, business_date, issued_at);

create table job (
  job_id uuid primary key,
  tenant_id uuid references tenant,
  kind text not null,
  state text not null check (state in ('queued', 'running', 'done', 'failed')),
  payload jsonb not null default '{}',
  dedupe_key text,
  progress double precision not null default 0,
  message text not null default '',
  error text,
  attempts integer not null default 0,
  run_after timestamptz not null default now(),
  created_at timestamptz not null default now(),
  started_at timestamptz,
  heartbeat_at timestamptz,
  finished_at timestamptz
);
create index job_waiting on job (run_after) where state = 'queued';
create unique index job_dedupe on job (kind, dedupe_key) where state in ('queued', 'running') and dedupe_key is not null;

create table outbox_mail (
  mail_id uuid primary key,
  tenant_id uuid references tenant,
  recipient text not null,
  subject text not null,
  body text not null,
  attempts integer not null default 0,
  run_after timestamptz not null default now(),
  sent_at timestamptz,
  failed_reason text,
  created_at timestamptz not null default now()
);
create index outbox_mail_waiting on outbox_mail (run_after) where sent_at is null;

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['forecast_model', 'forecast_vintage', 'job', 'outbox_mail'] loop
    execute format('alter table %I enable row level security', tenant_table);
    execute format('alter table %I force row level security', tenant_table);
    execute format(
      'create policy tenant_only on %I for select to tillcast_tenant
         using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', tenant_table);
    execute format('create policy service_all on %I for all to tillcast_service using (true) with check (true)', tenant_table);
    execute format('grant select, insert, update, delete on %I to tillcast_service', tenant_table);
    execute format('grant select on %I to tillcast_tenant', tenant_table);
  end loop;
end $$;
