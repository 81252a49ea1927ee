import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../house/sources.ts";
import { installed } from "../stack/installed.ts";

/** Where a producer writes, and further settings of its Kafka client. */
export interface InboxProducerOptions {
  readonly brokers: string;
  readonly registryUrl: string;
  readonly topic: string;
  readonly client?: Readonly<Record<string, string>>;
}

/**
 * Runs the documented producer in Python as an integrator would, with these orders on its standard
 * input; answers what it says when it is done.
 */
export async function runInboxProducer(
  { brokers, registryUrl, topic, client = {} }: InboxProducerOptions,
  orders: readonly object[],
): Promise<string> {
  const running = promisify(execFile)(
    "python3",
    [
      join(root, "docs/examples/inbox_producer.py"),
      ...["--brokers", brokers, "--registry", registryUrl, "--topic", topic],
      ...Object.entries(client).flatMap(([name, value]) => ["--set", `${name}=${value}`]),
    ],
    { env: { ...process.env, PYTHONPATH: await installed("python") } },
  );
  running.child.stdin?.end(orders.map((order) => `${JSON.stringify(order)}\n`).join(""));
  return (await running).stderr;
}
