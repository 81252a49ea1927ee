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
    name: "fold",
    sources: [
      "stream-processors/ledger/fold/*.ts",
      "schemas/orders/take-back/*.ts",
      "schemas/orders/counted-at.ts",
    ],
    tests: ["stream-processors/ledger/fold/*.test.ts"],
  },
  {
    name: "verify",
    sources: [
      "stream-processors/verify/compare-*.ts",
      "stream-processors/verify/differences.ts",
      "stream-processors/verify/head-columns.ts",
      "stream-processors/verify/readable.ts",
    ],
    tests: ["stream-processors/verify/*.test.ts"],
  },
  {
    name: "parsing",
    sources: [
      "ingest/import/parse-cells.ts",
      "ingest/import/text/*.ts",
      "ingest/accept/check-*.ts",
      "ingest/accept/line-amounts.ts",
      "ingest/accept/order-totals.ts",
      "ingest/accept/normalise-order.ts",
    ],
    tests: ["ingest/accept/*.test.ts", "ingest/import/**/*.test.ts"],
  },
];
