import { LEDGER_GROUP, orderChannels } from "@tillcast/schemas";
import { spawnProcessor } from "../support/processor-child.ts";
import type { Peer } from "./peer.ts";

const channels = orderChannels.map((channel) => `'${channel}'`).join(", ");

/**
 * The product's own processor, which does all of its work: heads with their snapshots, ledger, three tiers,
 * item sales, tenders, row security, and the changed windows published.
 */
export const tillcastPeer: Peer = {
  name: "Tillcast, whole processor",
  rollup: {
    table: "tillcast.rollup_15m",
    channel: `(array[${channels}])[channel + 1]`,
    windowStart: "(extract(epoch from window_start) * 1000)::bigint",
    isLive: `channel = ${orderChannels.indexOf("dine_in")} and window_start >= to_timestamp($1::bigint / 1000.0)`,
  },
  async reset(client) {
    await client.query(`
      truncate tillcast.order_head, tillcast.ledger_entry, tillcast.rollup_15m, tillcast.rollup_hour,
        tillcast.rollup_day, tillcast.item_sales, tillcast.tender_day, tillcast.open_sales,
        tillcast.store_sequence`);
    await client.query("delete from tillcast.checkpoint where group_name = $1", [LEDGER_GROUP]);
  },
  start: spawnProcessor,
};
