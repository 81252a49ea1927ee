#!/usr/bin/env bash
# Writes KAFKA_A_B=c as a.b=c, formats the storage once, and becomes the broker.
set -euo pipefail
properties=/tmp/server.properties
env | grep '^KAFKA_' | grep -v '^KAFKA_HEAP_OPTS=' | while IFS='=' read -r name value; do
  name=${name#KAFKA_}
  echo "$(echo "${name//_/.}" | tr '[:upper:]' '[:lower:]')=$value"
done > "$properties"
# shellcheck disable=SC2206
heap=(${KAFKA_HEAP_OPTS:--Xms256m -Xmx512m})
java=(java "${heap[@]}" -XX:MaxDirectMemorySize=128m -Dlog4j2.configurationFile=/opt/kafka/log4j2.yaml -cp '/opt/kafka/libs/*')
"${java[@]}" kafka.tools.StorageTool format -t "$CLUSTER_ID" -c "$properties" --ignore-formatted
exec "${java[@]}" kafka.Kafka "$properties"
