import { defineConfig } from "vitest/config";

/** Waiting ends as soon as the thing is there; the limit only tells a slow machine from a fault. */
const expectWaits = { poll: { timeout: 15_000 } };

const ignored = ["**/node_modules/**", "**/dist/**", "**/dist-types/**", ".stack/**"];

/** Suites about what is stored: they run on plain PostgreSQL and again on TimescaleDB. */
const onEveryTier = [
  "stream-processors/**/*.int.test.ts",
  "proofs/**/*.int.test.ts",
  "gateway/**/*.int.test.ts",
  "forecaster/service/*.int.test.ts",
  "test/whole-way/eight-weeks.int.test.ts",
];

/** Tests are chosen by suffix; the suffix tells what a test costs. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: [...ignored, "**/*.{int,stack,browser,crash,smoke,faults}.test.ts"],
          environment: "node",
          // Property tests take as long as the machine is busy.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "integration",
          expect: expectWaits,
          include: ["**/*.int.test.ts"],
          exclude: ignored,
          environment: "node",
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "browser",
          expect: expectWaits,
          include: ["**/*.browser.test.ts"],
          exclude: ignored,
          environment: "node",
          testTimeout: 120_000,
          hookTimeout: 180_000,
          maxWorkers: 1,
        },
      },
      {
        // Real Kafka, schema registry and TimescaleDB, started once for all; test databases lie on the latter.
        test: {
          name: "stack",
          expect: expectWaits,
          globalSetup: "test/stack/global-setup.ts",
          setupFiles: "test/stack/use-timescale.ts",
          include: ["**/*.stack.test.ts", ...onEveryTier],
          exclude: ignored,
          environment: "node",
          testTimeout: 120_000,
          hookTimeout: 180_000,
          maxWorkers: 1,
        },
      },
      {
        // Kills the product's whole process tree and looks at what is left in the tables.
        test: {
          name: "crash",
          expect: expectWaits,
          include: ["**/*.crash.test.ts"],
          exclude: ignored,
          environment: "node",
          testTimeout: 600_000,
          hookTimeout: 180_000,
          maxWorkers: 1,
        },
      },
      {
        // Breaks processes, networks, disks and databases while orders flow, and holds the tables to the cent.
        test: {
          name: "faults",
          expect: expectWaits,
          include: ["**/*.faults.test.ts"],
          exclude: ignored,
          environment: "node",
          testTimeout: 3_600_000,
          hookTimeout: 180_000,
          maxWorkers: 1,
        },
      },
      {
        // Installs a copy of the sources and starts it as a newcomer would.
        test: {
          name: "smoke",
          expect: expectWaits,
          include: ["**/*.smoke.test.ts"],
          exclude: ignored,
          environment: "node",
          testTimeout: 600_000,
          hookTimeout: 600_000,
          maxWorkers: 1,
        },
      },
    ],
  },
});
