import { fileURLToPath } from "node:url";
import { spawnNode } from "../support/processor-child.ts";
import { type Peer, peerTables } from "./peer.ts";

const { ddl, rollup } = peerTables("peer_batched");
const runFile = fileURLToPath(new URL("./run-one-rollup.ts", import.meta.url));

/** Our log, our checkpoints and our way of writing, on the other peers' work alone. */
export const oneRollupPeer: Peer = {
  name: "Tillcast's way, one rollup",
  rollup,
  async reset(client) {
    await client.query(ddl);
    await client.query("grant usage on schema peer_batched to tillcast_service");
    await client.query("grant all on all tables in schema peer_batched to tillcast_service");
    await client.query("delete from tillcast.checkpoint where group_name = 'bench-one-rollup'");
  },
  start: (installation) => spawnNode(runFile, installation),
};
