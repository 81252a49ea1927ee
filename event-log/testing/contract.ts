/** The contract of every event log. The same suite runs on the PostgreSQL log and the Kafka log. */

import { afterAll, beforeAll, describe } from "vitest";
import { describeAppending } from "./contract/appending.ts";
import { describeFaults } from "./contract/faults.ts";
import type { EventLogHarness } from "./contract/harness.ts";
import { describeReading } from "./contract/reading.ts";
import { describeRetention } from "./contract/retention.ts";
import { describeSharing } from "./contract/sharing.ts";
import { describeSubscribing } from "./contract/subscribing.ts";

/** Runs the contract suite on the log that the harness opens. */
export function describeEventLogContract(
  name: string,
  makeHarness: () => Promise<EventLogHarness>,
): void {
  describe(`the event log on ${name}`, () => {
    let harness: EventLogHarness;
    beforeAll(async () => {
      harness = await makeHarness();
    });
    afterAll(() => harness?.close());
    const given = () => harness;

    describeAppending(given);
    describeReading(given);
    describeSubscribing(given);
    describeSharing(given);
    describeFaults(given);
    describeRetention(given);
  });
}
