-- How often signing in failed, counted over all processes; and browsers that have signed in before.
set local search_path = tillcast;

-- No tenant's: an email is counted whether or not somebody has it. Swept a day after the last failure.
create table sign_in_delay (
  -- SHA-256 of what is counted: an address, an email, an email from an address, or a known browser.
  counted bytea primary key,
  failures integer not null,
  failed_at timestamptz not null,
  -- The next attempt is looked at from then on.
  open_at timestamptz not null
);
create index sign_in_delay_by_time on sign_in_delay (failed_at);
grant select, insert, update, delete on sign_in_delay to tillcast_service;

-- A browser in which a person has signed in: it waits for its own failures alone. Swept when it expires.
create table known_browser (
  token_hash bytea primary key,
  user_id uuid not null references app_user on delete cascade,
  tenant_id uuid not null references tenant,
  expires_at timestamptz not null
);
create index known_browser_by_user on known_browser (user_id);
create index known_browser_by_end on known_browser (expires_at);
alter table known_browser enable row level security;
alter table known_browser force row level security;
create policy tenant_only on known_browser for select to tillcast_tenant
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy service_all on known_browser for all to tillcast_service using (true) with check (true);
grant select (user_id, tenant_id, expires_at) on known_browser to tillcast_tenant;
grant select, insert, update, delete on known_browser to tillcast_service;
