export { type AdoptedCheckpoint, adoptTopic } from "./adopt-topic.ts";
export {
  advanceCheckpoint,
  advanceCheckpoints,
  type CheckpointPlace,
  lockCheckpoint,
  lockCheckpoints,
} from "./checkpoint.ts";
export { type DeadLetter, listDeadLetters, placeOf, saveDeadLetter } from "./dead-letters.ts";
export { decodeInboxOrder, decodeOrder, type OrderName } from "./letter-name.ts";
export {
  type HoldGroup,
  holdGroups,
  holdLog,
  type LogPosition,
  loadHolds,
  releaseLog,
} from "./log-holds.ts";
export { deadLetterMetrics } from "./log-metrics.ts";
export { nameLetters } from "./name-letters.ts";
export { openEventLog } from "./open-event-log.ts";
export { partitionOf } from "./partitioner.ts";
export type {
  EventLog,
  GroupLag,
  LogBatch,
  LogRecord,
  NewRecord,
  Position,
  Subscription,
} from "./port.ts";
export { openPostgresLog, type PostgresLogOptions } from "./postgres/postgres-log.ts";
export { redriveDeadLetters } from "./redrive.ts";
export { payloadOf } from "./schema-ids/wire-format.ts";
export { startRetention } from "./start-retention.ts";
