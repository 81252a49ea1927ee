-- Moves whenever somebody may lose access: processes read it every second and then forget what they remember of
-- keys and look up again whose sockets are open. A sequence, because a row would make account changes wait
-- for each other.
create sequence access_revision;
grant select on access_revision to tillcast_service;

create function move_access_revision() returns trigger
language plpgsql security definer set search_path = tillcast, pg_temp as $$
begin
  perform nextval('access_revision');
  return null;
end $$;

-- At the end of the transaction, so that whoever sees the new revision finds the change nearly always committed.
create constraint trigger api_key_moves_access after update of revoked_at, expires_at, scopes or delete on api_key
  deferrable initially deferred for each row execute function move_access_revision();
create constraint trigger session_moves_access after update of expires_at, idle_limit or delete on session
  deferrable initially deferred for each row execute function move_access_revision();
create constraint trigger app_user_moves_access
  after update of role, all_stores, disabled_at, runs_installation, tenant_id or delete on app_user
  deferrable initially deferred for each row execute function move_access_revision();
create constraint trigger user_store_moves_access after insert or update or delete on user_store
  deferrable initially deferred for each row execute function move_access_revision();
create constraint trigger tenant_moves_access after update of disabled_at or delete on tenant
  deferrable initially deferred for each row execute function move_access_revision();
