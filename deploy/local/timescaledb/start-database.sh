#!/usr/bin/env bash
# Makes the cluster, its owner's database and the extension on the first start; then becomes the server.
set -euo pipefail
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  : "${POSTGRES_PASSWORD:?is required}" "${POSTGRES_USER:=postgres}" "${POSTGRES_DB:=$POSTGRES_USER}"
  initdb --pgdata="$PGDATA" --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") \
    --encoding=UTF8 --locale=C.UTF-8 --auth-local=trust --auth-host=scram-sha-256 --data-checksums
  echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
  cat >> "$PGDATA/postgresql.conf" <<CONF
listen_addresses = '*'
shared_preload_libraries = 'timescaledb'
timescaledb.telemetry_level = off
CONF
  # Not yet reachable from outside, so that nobody meets a half-made database.
  pg_ctl --pgdata="$PGDATA" --wait --options="-c listen_addresses=''" start
  [ "$POSTGRES_DB" = postgres ] || createdb --username="$POSTGRES_USER" "$POSTGRES_DB"
  for database in template1 "$POSTGRES_DB"; do
    psql --username="$POSTGRES_USER" --dbname="$database" --command='create extension if not exists timescaledb'
  done
  for script in /docker-entrypoint-initdb.d/*.sh; do
    [ ! -f "$script" ] || POSTGRES_USER="$POSTGRES_USER" sh "$script"
  done
  pg_ctl --pgdata="$PGDATA" --wait --mode=fast stop
fi
exec "$@"
