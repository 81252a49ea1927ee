export type { ServerSettings } from "./cluster.ts";
export {
  connectOrStart,
  type EmbeddedOptions,
  type EmbeddedServer,
  startEmbeddedPostgres,
} from "./embedded-server.ts";
export { readServerFile, type ServerFile, type ServerUser } from "./server-file.ts";
