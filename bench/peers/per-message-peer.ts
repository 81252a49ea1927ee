import { fileURLToPath } from "node:url";
import { spawnNode } from "../support/processor-child.ts";
import { type Peer, peerTables } from "./peer.ts";

const { ddl, rollup } = peerTables("peer_single");
const runFile = fileURLToPath(new URL("./run-per-message.ts", import.meta.url));
let round = 0;

/** The consumer that a team would write first: one transaction a message. */
export const perMessagePeer: Peer = {
  name: "Node consumer, one transaction a message",
  rollup,
  async reset(client) {
    round += 1;
    await client.query(ddl);
  },
  start: (installation) =>
    spawnNode(runFile, {
      ...installation,
      env: { ...installation.env, GROUP: `peer-single-${round}` },
    }),
};
