import type { FailPointName } from "@tillcast/core";

/** A change of one source that takes a guard away. */
export interface Removal {
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

/** One of the guards that exactly-once rests on, and how it is taken away. */
export interface Guard {
  readonly name: string;
  readonly removals: readonly Removal[];
  /** The faults that show its absence. */
  readonly faults: readonly string[];
  /** And the moments. */
  readonly failPoints: readonly FailPointName[];
}

const heads = "stream-processors/ledger/store/order-heads.ts";
const settling = "stream-processors/ledger/settle-orders.ts";
const accepting = "ingest/accept/accept-orders.ts";

/** The guards; without any one of them a fault run must find something. */
export const guards: readonly Guard[] = [
  {
    name: "head compare-and-set",
    faults: ["processors 1-3-1"],
    failPoints: [],
    removals: [
      {
        path: heads,
        // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the placeholders are the source's own.
        from: "select ${columns} from ${heads}`",
        to: "select ${columns} from ${heads} on conflict do nothing`",
        // biome-ignore-end lint/suspicious/noTemplateCurlyInString: the placeholders are the source's own.
      },
      { path: heads, from: "and head.head_revision = source.read_revision", to: "" },
      { path: heads, from: "rowCount !== changed.length", to: "false" },
    ],
  },
  {
    name: "checkpoint in the transaction",
    faults: ["kill process", "database restart"],
    failPoints: ["ledger.midBatch"],
    removals: [
      {
        path: settling,
        from: "  for (let attempt = 1; ; attempt += 1) {",
        to: `  await inTransaction(pool, async (tx) => {
    await lockAll(tx, inOrder);
    await advanceBehind(tx, inOrder);
  });
  for (let attempt = 1; ; attempt += 1) {`,
      },
      {
        path: settling,
        from: "lockAll(tx, batches),",
        to: "null,",
      },
      {
        path: settling,
        from: "() => advanceBehind(tx, batches);",
        to: "() => Promise.resolve();",
      },
    ],
  },
  {
    name: "durable append",
    faults: ["kill ingest", "database restart"],
    failPoints: [],
    removals: [
      {
        path: accepting,
        from: "await deps.eventLog.append(topic, records).catch((error: unknown) => {",
        to: "void deps.eventLog.append(topic, records).catch((error: unknown) => {\n      return;",
      },
    ],
  },
];
