import type { Scope } from "@tillcast/core";
import type { EventLog } from "@tillcast/event-log";
import { waitUntilSettled } from "@tillcast/ingest";
import { LEDGER_GROUP, topics } from "@tillcast/schemas";
import type { Installation } from "./installation.ts";
import { startProcessors } from "./start-processors.ts";
import { runUnlessServed } from "./unless-served.ts";

/** Sees to it that what a command appends is counted: by the server, or by processors of its own. */
export function keepCounting(scope: Scope, installation: Installation): Promise<void> {
  return runUnlessServed(scope, installation, "process", () => startProcessors(installation));
}

/** Resolves when every order that is in the log by now is counted. */
export async function waitUntilCounted(
  eventLog: EventLog,
  options: { readonly onProgress: (share: number) => void; readonly signal: AbortSignal },
): Promise<void> {
  const orderTopics = [topics.orders.topic, topics.ordersBackfill.topic];
  const ends = await Promise.all(orderTopics.map((topic) => eventLog.bounds(topic)));
  for (const [index, topic] of orderTopics.entries()) {
    const positions = (ends[index] ?? [])
      .filter(({ start, end }) => end > start)
      .map(({ partition, end }) => ({ partition, offset: end - 1n }));
    await waitUntilSettled(eventLog, { topic, group: LEDGER_GROUP, positions, ...options });
  }
}
