#!/usr/bin/env bash
# Installs what the stack tests run, without a container engine: `install.sh [kafka] [registry] [timescale]`,
# all three without a word, or `python` for the documented producer. A part that is there already costs nothing; one that was interrupted begins anew.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${TILLCAST_STACK_DIR:-$here/../../../.stack}

kafka_version=4.4.0
registry_version=3.0.9
timescale_version=trixie-17
python_packages=$here/../../../docs/examples/requirements.txt
python_version=$(sha256sum <"$python_packages" | cut -c1-12)

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# need COMMAND PACKAGE...: the packages are alternatives, the first that the archive has is taken.
need() {
  local command=$1 package
  shift
  if command -v "$command" >/dev/null; then return; fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  for package in "$@"; do
    if apt-cache show "$package" >/dev/null 2>&1; then
      as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$package" >/dev/null
      return
    fi
  done
  echo "No package of this machine's archive has $command: $*" >&2
  exit 1
}

maven() {
  need java openjdk-17-jre-headless default-jre-headless
  need mvn maven
  mvn -B -q -Dstyle.color=never "$@"
}

install_kafka() {
  maven -f "$here/kafka-pom.xml" dependency:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$1/libs"
}

install_registry() {
  maven dependency:copy -DoutputDirectory="$1" \
    -Dartifact="io.apicurio:apicurio-registry-app:$registry_version:tar.gz:all"
  tar -xzf "$1"/*.tar.gz -C "$1"
  rm "$1"/*.tar.gz
}

# The archive that this machine itself installs from, and what it had to be told to reach it.
install_timescale() {
  need mmdebstrap mmdebstrap
  local mirror setting settings=()
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' 'Label: Debian' | head -n 1)
  while IFS= read -r setting; do settings+=(--aptopt="$setting"); done < <(
    apt-config dump | grep -E '^Acquire::(Check-Valid-Until|Check-Date|https?::Proxy) ' | tr -d ';')
  # Without documents: there is nobody to read them. No cluster is made, the tests make their own.
  as_root mmdebstrap --quiet --variant=minbase "${settings[@]}" \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --essential-hook='mkdir -p "$1/etc/postgresql-common"' \
    --essential-hook='echo create_main_cluster = false >"$1/etc/postgresql-common/createcluster.conf"' \
    --include=postgresql-17,postgresql-17-timescaledb trixie "$1" "$mirror"
}

# What the examples of foreign producers import.
install_python() {
  need pip3 python3-pip
  PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --disable-pip-version-check \
    --target "$1" -r "$python_packages"
}

install_part() {
  local part=$1 version="${1}_version" draft="$folder/$1.draft"
  if [ "$(cat "$folder/$part.version" 2>/dev/null)" = "${!version}" ]; then return; fi
  echo "installing $part ${!version}" >&2
  as_root rm -rf "$draft" "${folder:?}/$part"
  mkdir -p "$draft"
  "install_$part" "$draft"
  mv "$draft" "$folder/$part"
  echo "${!version}" >"$folder/$part.version"
}

mkdir -p "$folder"
# Two that install at once would tread on each other's drafts.
exec 9>"$folder/lock"
flock 9
[ $# -gt 0 ] || set -- kafka registry timescale
for part in "$@"; do install_part "$part"; done
