export * from "./checkpoint.ts";
export * from "./dead-letters.ts";
export { murmur2, partitionOf } from "./partitioner.ts";
export * from "./port.ts";
export { defaultLogLimits, type PostgresLogLimits } from "./postgres/limits.ts";
export * from "./postgres/postgres-log.ts";
export * from "./retention.ts";
