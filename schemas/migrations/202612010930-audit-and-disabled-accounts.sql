-- Tenants, people and stores that can be taken out of use, keys that end, and who changed what.
set local search_path = tillcast;

alter table tenant add column disabled_at timestamptz;
alter table app_user
  add column disabled_at timestamptz,
  -- A person who runs the installation also sees what is no tenant's (docs/adr/0024).
  add column runs_installation boolean not null default false,
  -- Tenants' connections ask this; the hash itself is not theirs to read.
  add column has_password boolean generated always as (password_hash is not null) stored;
-- An archived store is shown in no list; what it sold stays.
alter table store add column archived_at timestamptz;
-- A key that was rotated works until then.
alter table api_key add column expires_at timestamptz;
alter table session
  add column last_seen_at timestamptz,
  -- Unused for so long, it is over; null for sessions of the release before.
  add column idle_limit interval,
  add column address text,
  add column browser text;
create index session_by_end on session (expires_at);
create index sign_in_link_by_end on sign_in_link (expires_at);

-- Nobody reads these as a tenant. The hash of `app_user` follows when no process of the release before reads it.
revoke select on session, sign_in_link, api_key from tillcast_tenant;
grant select (user_id, tenant_id, created_at, expires_at, last_seen_at, address, browser) on session to tillcast_tenant;
grant select (user_id, tenant_id, expires_at, used_at, purpose) on sign_in_link to tillcast_tenant;
grant select (key_id, tenant_id, name, scopes, created_at, last_used_at, revoked_at, expires_at) on api_key to tillcast_tenant;

-- Append-only: who changed what, for whom, from where. Kept for seven years. It refers to no other table, so
-- that it outlives what it tells of.
create table audit_event (
  audit_id bigint generated always as identity primary key,
  at timestamptz not null,
  -- Null where it is the installation's.
  tenant_id uuid,
  actor_kind text not null check (actor_kind in ('person', 'key', 'operator', 'system', 'stranger')),
  -- A person's or a key's id, or an operator's user@host. No email: a person can be erased, a row cannot.
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null default '{}',
  address text,
  request_id text
);
create index audit_event_by_tenant on audit_event (tenant_id, audit_id);
create index audit_event_by_time on audit_event (at);
alter table audit_event enable row level security;
alter table audit_event force row level security;
create policy tenant_only on audit_event for select to tillcast_tenant
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy service_all on audit_event for all to tillcast_service using (true) with check (true);
grant select on audit_event to tillcast_tenant;
grant select, insert, delete on audit_event to tillcast_service;

create function keep_audit_event() returns trigger
language plpgsql set search_path = tillcast, pg_temp as $$
begin
  if tg_op = 'DELETE' and old.at < now() - interval '7 years' then
    return old;
  end if;
  raise exception 'audit_event is append-only';
end $$;
create trigger audit_event_append_only before update or delete on audit_event
  for each row execute function keep_audit_event();
