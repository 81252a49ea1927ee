-- What holds the log back for archive bases and backups, and what operators did by hand.
-- No tenant reads these tables: they speak of the whole installation.
set local search_path = tillcast;

-- A base or a backup, with the positions from which the log must be kept for it. The checkpoints of groups
-- `archive` and `backup` are the lowest of these, so that retention on either log needs to know no more.
create table log_hold (
  hold_id uuid primary key,
  group_name text not null check (group_name in ('archive', 'backup')),
  location text not null,
  taken_at timestamptz not null,
  positions jsonb not null
);
grant select, insert, delete on log_hold to tillcast_service;

-- Append-only: what was changed by hand, by whom, and how it was before.
create table operator_audit (
  audit_id bigint generated always as identity primary key,
  at timestamptz not null,
  who text not null,
  action text not null,
  subject text not null,
  before jsonb not null,
  after jsonb not null
);
grant select, insert on operator_audit to tillcast_service;

create function refuse_audit_change() returns trigger
language plpgsql set search_path = tillcast, pg_temp as $$
begin
  raise exception 'operator_audit is append-only';
end $$;
create trigger operator_audit_append_only before update or delete on operator_audit
  for each row execute function refuse_audit_change();
