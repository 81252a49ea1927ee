#!/usr/bin/env bash
# Builds stand-ins for the public images of docker-compose.yml, for machines that cannot pull any: from
# Debian's archive, Maven and the npm registry. Prints the variables that make the compose files use them.
#   deploy/local/build-images.sh > local.env
#   docker compose --env-file compose.env --env-file local.env up --build -d
# Needs Docker; and where debian:trixie-slim cannot be pulled either, root and mmdebstrap.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
base=${BASE_IMAGE:-debian:trixie-slim}

make_base() {
  local mirror root
  mirror=$(awk '/^URIs:/ { print $2; exit }' /etc/apt/sources.list.d/debian.sources)
  root=$(mktemp -d)
  mmdebstrap --variant=minbase --quiet trixie "$root/base.tar" "$mirror"
  docker import "$root/base.tar" "$base"
  rm -rf "$root"
}

if ! docker image inspect "$base" >/dev/null 2>&1; then
  docker pull "$base" >&2 || make_base >&2
fi
for name in node kafka registry timescaledb; do
  # The host's network: a fresh engine's own may have no way out.
  docker build --network host --build-arg BASE_IMAGE="$base" --tag "tillcast-local/$name" "$name" >&2
done
echo "NODE_IMAGE=tillcast-local/node"
echo "KAFKA_IMAGE=tillcast-local/kafka"
echo "REGISTRY_IMAGE=tillcast-local/registry"
echo "DATABASE_IMAGE=tillcast-local/timescaledb"
