/** A part of the product whose tests are tried, and the tests that must notice. */
export interface Target {
  readonly name: string;
  /** Paths or patterns below the root. */
  readonly sources: readonly string[];
  readonly tests: readonly string[];
}

/** What `npm run test:mutation` goes through. Test files and lists of exports are left out by themselves. */
export const targets: readonly Target[] = [
  {
    name: "money",
    sources: ["schemas/money/*.ts"],
    tests: ["schemas/money/*.test.ts"],
  },
  {
    name: "business-time",
    sources: ["schemas/business-time/*.ts"],
    tests: ["schemas/business-time/*.test.ts"],
  },
  {
    name: "orders",
    sources: ["schemas/orders/*.ts"],
    tests: ["schemas/orders/*.test.ts"],
  },
  {
    // What an order posts. Which order a picture is of is the target below.
    name: "fold",
    sources: [
      "stream-processors/ledger/fold/difference.ts",
      "stream-processors/ledger/fold/item-postings.ts",
      "stream-processors/ledger/fold/measure-vector.ts",
      "stream-processors/ledger/fold/money-changes.ts",
      "stream-processors/ledger/fold/posted.ts",
      "stream-processors/ledger/fold/postings.ts",
      "stream-processors/ledger/fold/refold-heads.ts",
      "stream-processors/ledger/fold/rollup-changes.ts",
      "stream-processors/ledger/fold/sale-entry.ts",
      "stream-processors/ledger/fold/share-text.ts",
      "stream-processors/ledger/fold/tender-postings.ts",
      "schemas/orders/take-back/*.ts",
      "schemas/orders/counted-at.ts",
    ],
    tests: ["stream-processors/ledger/fold/*.test.ts"],
  },
  {
    // Most of it is held by `order-names.int.test.ts`, on a database, which this run does not start.
    name: "names",
    sources: [
      "stream-processors/ledger/fold/fold-orders.ts",
      "stream-processors/ledger/fold/name-orders.ts",
      "stream-processors/ledger/fold/order-head.ts",
    ],
    tests: ["stream-processors/ledger/fold/*.test.ts"],
  },
  {
    name: "verify",
    sources: [
      "proofs/verify/compare-*.ts",
      "proofs/verify/differences.ts",
      "proofs/verify/head-columns.ts",
      "proofs/verify/readable.ts",
    ],
    tests: ["proofs/verify/*.test.ts"],
  },
  {
    name: "parsing",
    sources: [
      "ingest/sources/file/parse-cells.ts",
      "ingest/sources/file/text/*.ts",
      "ingest/orders/check-*.ts",
      "ingest/orders/line-amounts.ts",
      "ingest/orders/order-totals.ts",
      "ingest/orders/normalise-order.ts",
    ],
    tests: [
      "ingest/orders/*.test.ts",
      "ingest/accept/*.test.ts",
      "ingest/sources/file/**/*.test.ts",
    ],
  },
];
