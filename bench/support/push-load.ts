/** A pushed batch's fate. */
export interface PushedBatch {
  readonly status: number;
  readonly durationMs: number;
  readonly orders: number;
}

/** How many requests may wait for their answer at a time; more only measure the queue. */
const inFlightMax = 64;

/** Sends bodies one after the other as fast as `senders` connections get their answers. */
export async function pushAll(
  target: { readonly address: string; readonly key: string },
  bodies: readonly string[],
  senders: number,
  ordersPerBody: number,
): Promise<PushedBatch[]> {
  const answers: PushedBatch[] = [];
  let next = 0;
  const send = async () => {
    for (let at = next++; at < bodies.length; at = next++) {
      answers.push(await pushOne(target, bodies[at] ?? "", ordersPerBody));
    }
  };
  await Promise.all(Array.from({ length: senders }, send));
  return answers;
}

/** Sends bodies at a fixed rate, whether or not earlier ones were answered, up to a limit in flight. */
export async function pushAtRate(
  target: { readonly address: string; readonly key: string },
  bodies: Iterable<string>,
  options: { readonly bodiesPerSecond: number; readonly ordersPerBody: number },
): Promise<PushedBatch[]> {
  const answers: PushedBatch[] = [];
  const inFlight = new Set<Promise<void>>();
  const startedAt = performance.now();
  let sent = 0;
  for (const body of bodies) {
    const dueMs = (1_000 * sent) / options.bodiesPerSecond - (performance.now() - startedAt);
    if (dueMs > 0) await new Promise((resolve) => setTimeout(resolve, dueMs));
    sent += 1;
    const one = pushOne(target, body, options.ordersPerBody).then((answer) => {
      answers.push(answer);
      inFlight.delete(one);
    });
    inFlight.add(one);
    if (inFlight.size >= inFlightMax) await Promise.race(inFlight);
  }
  await Promise.all(inFlight);
  return answers;
}

async function pushOne(
  { address, key }: { readonly address: string; readonly key: string },
  body: string,
  orders: number,
): Promise<PushedBatch> {
  const startedAt = performance.now();
  const response = await fetch(`${address}/v1/orders`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body,
  });
  await response.arrayBuffer();
  return { status: response.status, durationMs: performance.now() - startedAt, orders };
}
