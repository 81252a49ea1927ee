export {
  boolArray,
  byteaArray,
  dateArray,
  float8Array,
  int2Array,
  int4Array,
  int8Array,
  int8ArrayFromNumbers,
  textArray,
  timestamptzArray,
  uuidArray,
} from "./binary-arrays.ts";
export { assertChunksClosed } from "./chunks.ts";
export { type ColumnStatement, columnStatement, runColumns } from "./column-statement.ts";
export {
  boolColumn,
  byteaColumn,
  type Column,
  dateColumn,
  encodedColumn,
  int2Column,
  int4Column,
  int8Column,
  latin1Column,
  sparseInt8Column,
  textColumn,
  timestamptzColumn,
  uuidColumn,
} from "./columns.ts";
export {
  asDatabaseUnavailable,
  databaseErrorCode,
  isDataFault,
  isExhausted,
} from "./database-errors.ts";
export {
  type DedicatedConnection,
  openDedicatedConnection,
  type Session,
} from "./dedicated-connection.ts";
export {
  connectOrStart,
  type EmbeddedServer,
  startEmbeddedPostgres,
} from "./embedded/embedded-server.ts";
export { readServerFile } from "./embedded/server-file.ts";
export { connectClient, withConnection } from "./held-connection.ts";
export { loadMigrationNames, migrate } from "./migrate.ts";
export { migrationFolder } from "./migration-folder.ts";
export { type Database, databaseRoles, databaseSchema, openDatabase } from "./pools.ts";
export { resultTypes } from "./result-types.ts";
export { runStatement, type Statement } from "./run-statement.ts";
export { asTenant, inOneWrite, inTransaction, type Transaction } from "./transaction.ts";
export { loadOlderAtWork, turnShape } from "./turn-shape.ts";
export { hasTurned, shapeMark, turnedAt } from "./written-shape.ts";
