-- Tenants, people, keys and stores. Row security is forced on every tenant table from the start:
-- a tenant's role sees the rows of app.tenant_id, services see all by an explicit policy.
set local search_path = tillcast;

create table tenant (
  tenant_id uuid primary key,
  name text not null,
  counted_when text not null default 'paid' check (counted_when in ('paid', 'ordered')),
  net_charges text[] not null default '{service,delivery}',
  settings_revision integer not null default 1,
  is_demo boolean not null default false,
  created_at timestamptz not null default now()
);

create table app_user (
  user_id uuid primary key,
  tenant_id uuid not null references tenant,
  email text not null,
  password_hash text,
  role text not null check (role in ('owner', 'manager', 'viewer', 'integrator', 'operator')),
  created_at timestamptz not null default now(),
  constraint app_user_email_lower check (email = lower(email)),
  unique (email)
);

create table user_store (
  user_id uuid not null references app_user on delete cascade,
  store_id uuid not null,
  tenant_id uuid not null references tenant,
  primary key (user_id, store_id)
);

create table session (
  token_hash bytea primary key,
  user_id uuid not null references app_user on delete cascade,
  tenant_id uuid not null references tenant,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index session_by_user on session (user_id);

-- A link that signs its reader in once: printed at the first run, later mailed as an invitation.
create table sign_in_link (
  token_hash bytea primary key,
  user_id uuid not null references app_user on delete cascade,
  tenant_id uuid not null references tenant,
  expires_at timestamptz not null,
  used_at timestamptz
);

create table api_key (
  key_id text primary key,
  tenant_id uuid not null references tenant,
  name text not null default '',
  secret_hash bytea not null,
  scopes text[] not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);

create table store (
  store_id uuid primary key,
  tenant_id uuid not null references tenant,
  name text not null,
  time_zone text not null,
  currency text not null,
  country text,
  -- Per weekday (1 = Monday): [{"day": 1, "open": "11:00", "close": "23:00"}]; null where not known.
  opening_hours jsonb,
  settings_revision integer not null default 1,
  created_at timestamptz not null default now()
);
create index store_tenant on store (tenant_id);

-- Append-only: a change of the closeout minute does not rewrite the past.
create table store_closeout (
  store_id uuid not null references store,
  tenant_id uuid not null references tenant,
  effective_from date not null,
  closeout_minute integer not null check (closeout_minute between 0 and 1439),
  primary key (store_id, effective_from)
);

-- One vendor location's data, mapped to at most one store at a time.
create table feed (
  tenant_id uuid not null references tenant,
  source text not null,
  account_id text not null,
  location_id text not null,
  store_id uuid references store,
  mapping_revision integer not null default 1,
  authority_from date,
  authority_to date,
  -- Proof of life and what follows from it.
  expects_heartbeat boolean not null default false,
  last_proof_at timestamptz,
  last_event_at timestamptz,
  watermark timestamptz,
  state text not null default 'unknown' check (state in ('live', 'late', 'unreachable', 'unknown', 'closed')),
  state_since timestamptz not null default now(),
  primary key (tenant_id, source, account_id, location_id)
);
create index feed_store on feed (store_id);

-- Acknowledged, kept, and not counted until its store is known.
create table parked_order (
  tenant_id uuid not null references tenant,
  order_key bytea not null,
  version_hash text not null,
  source text not null,
  account_id text not null,
  location_id text not null,
  order_id text not null,
  reason text not null,
  -- The order as it was pushed.
  payload jsonb not null,
  received_at timestamptz not null,
  released_at timestamptz,
  primary key (order_key, version_hash)
);
create index parked_order_feed on parked_order (tenant_id, source, account_id, location_id) where released_at is null;

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array[
    'tenant', 'app_user', 'user_store', 'session', 'sign_in_link', 'api_key', 'store', 'store_closeout', 'feed', 'parked_order'
  ] loop
    execute format('alter table %I enable row level security', tenant_table);
    execute format('alter table %I force row level security', tenant_table);
    execute format(
      'create policy tenant_only on %I for all to tillcast_tenant
         using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)
         with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', tenant_table);
    execute format('create policy service_all on %I for all to tillcast_service using (true) with check (true)', tenant_table);
    execute format('grant select, insert, update, delete on %I to tillcast_service', tenant_table);
    execute format('grant select on %I to tillcast_tenant', tenant_table);
  end loop;
end $$;
