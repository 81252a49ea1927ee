#!/bin/sh
# Runs once, when the database's volume is new: makes the role that owns Tillcast's database and is no superuser.
set -eu
: "${TILLCAST_DATABASE_PASSWORD:?is not set}"
psql --no-psqlrc --quiet --username="${POSTGRES_USER:-postgres}" --dbname=postgres \
  --set=ON_ERROR_STOP=1 --set=password="$TILLCAST_DATABASE_PASSWORD" <<'SQL'
create role tillcast login createrole nosuperuser nobypassrls password :'password';
create database tillcast owner tillcast;
\connect tillcast
create extension if not exists timescaledb;
SQL
