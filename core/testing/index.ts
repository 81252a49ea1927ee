export { openCuttableProxy } from "./cuttable-proxy.ts";
export { createTestDatabase, type TestDatabase, type TestDatabaseOptions } from "./database.ts";
export type { StackAddresses } from "./stack-addresses.ts";
export { type StreamingReplica, startStreamingReplica } from "./streaming-replica.ts";
export { withSuperuser } from "./test-databases.ts";
