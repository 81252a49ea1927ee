export * from "./checkpoint.ts";
export * from "./dead-letters.ts";
export { payloadOf } from "./framing/wire-format.ts";
export * from "./open-event-log.ts";
export { murmur2, partitionOf } from "./partitioner.ts";
export * from "./port.ts";
export { defaultLogLimits, type PostgresLogLimits } from "./postgres/limits.ts";
export * from "./postgres/postgres-log.ts";
export * from "./retention.ts";
