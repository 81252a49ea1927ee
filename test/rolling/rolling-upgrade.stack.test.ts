import { openScope } from "@tillcast/core";
import { afterAll, test } from "vitest";
import { historySkip } from "../ci/add-up.ts";
import { startKafka } from "../stack/start-kafka.ts";
import { startRegistry } from "../stack/start-registry.ts";
import { isInClone, releaseBefore } from "../support/older-release.ts";
import { expectUpgradeFromBefore } from "../support/upgrade-from-before.ts";

const scope = openScope();
afterAll(() => scope.close());

const isHere = isInClone(releaseBefore);
const unlessHere = isHere ? "" : `: ${historySkip}`;
if (!isHere) console.log(`${historySkip}: rolling upgrade from ${releaseBefore}`);

test.skipIf(!isHere)(
  `on Kafka, from the release before, with the registry's leave: every order counted once${unlessHere}`,
  { timeout: 600_000 },
  async () => {
    // A broker of its own: whoever settles orders on the shared one settles those of other tests.
    const kafka = await startKafka();
    scope.defer(() => kafka.stop());
    const registry = await startRegistry({ brokers: kafka.brokers });
    scope.defer(() => registry.stop());
    await expectUpgradeFromBefore(scope, {
      EVENT_LOG: "kafka",
      KAFKA_BROKERS: kafka.brokers,
      SCHEMA_REGISTRY_URL: registry.url,
      KAFKA_REPLICATION_FACTOR: "1",
      KAFKA_TLS: "off",
    });
  },
);
