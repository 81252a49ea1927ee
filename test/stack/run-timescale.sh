#!/usr/bin/env bash
# Runs PostgreSQL with TimescaleDB out of a Debian root: `run-timescale.sh ROOT DATA PORT [flags for postgres]`.
# Mounts are made in a namespace of its own and vanish with the process, which this one becomes.
set -euo pipefail
if [ "$(id -u)" != 0 ]; then
  echo "Only root can run the tests' own TimescaleDB; or name another one in TILLCAST_TEST_TIMESCALE_URL."
  exit 1
fi
exec unshare --mount --propagation private -- bash -c '
  set -euo pipefail
  root=$1 data=$2 port=$3
  shift 3
  bin=/usr/lib/postgresql/17/bin inside=/var/lib/postgresql/data
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
  mkdir -p "$root$inside"
  mount --bind "$data" "$root$inside"
  as_postgres=(setpriv --reuid postgres --regid postgres --init-groups)
  if [ ! -s "$data/PG_VERSION" ]; then
    chroot "$root" install -d -m 0700 -o postgres -g postgres "$inside"
    echo postgres >"$root/tmp/password"
    LC_ALL=C.UTF-8 chroot "$root" "${as_postgres[@]}" "$bin/initdb" -D "$inside" -U postgres \
      --encoding UTF8 --locale C.UTF-8 --auth scram-sha-256 --pwfile /tmp/password
  fi
  # The kernel tells it to end at once when whoever started it is gone; a change of user forgets that.
  exec chroot "$root" "${as_postgres[@]}" --pdeathsig QUIT "$bin/postgres" -D "$inside" -p "$port" \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
    -c shared_preload_libraries=timescaledb -c timescaledb.telemetry_level=off "$@"
' run-timescale "$@"
