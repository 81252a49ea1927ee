import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Scope } from "@tillcast/core";

/** Spreads requests over processes, as the balancer in front of an installation does. */
export interface LoadBalancer {
  readonly url: string;
  /** Names the addresses, and resolves when it knows which are ready; it sends nothing to others. */
  setBackends(urls: readonly string[]): Promise<void>;
}

/** How often each process is asked whether it is ready; several times within its drain. */
const askEveryMs = 100;
/** Silence says that the machine is busy, and nothing new about the process. */
const askTimeoutMs = 1_000;

/**
 * Opens a balancer on a free port of the loopback. It keeps connections to the processes, gives a request
 * that nobody has taken (the connection was refused) to the next, and repeats nothing else: what breaks
 * after it was sent answers 502.
 */
export async function openLoadBalancer(scope: Scope): Promise<LoadBalancer> {
  const agent = new Agent({ keepAlive: true });
  let backends: readonly string[] = [];
  let ready: readonly string[] = [];
  let turn = 0;

  const ask = async () => {
    const known = backends;
    const was = new Set(ready);
    const answers = await Promise.all(known.map((url) => isServing(url, was.has(url))));
    if (known === backends) ready = known.filter((_, index) => answers[index]);
  };
  let isClosing = false;
  const watching = (async () => {
    for (; !isClosing; await pause(askEveryMs)) await ask();
  })();

  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      turn += 1;
      const inTurn = ready.map((_, index) => ready[(turn + index) % ready.length] as string);
      pass(incoming, outgoing, Buffer.concat(chunks), inTurn);
    });
  });

  function pass(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    body: Buffer,
    [backend, ...others]: readonly string[],
  ): void {
    if (backend === undefined) {
      outgoing.writeHead(502).end("no process is ready");
      return;
    }
    const { method, headers } = incoming;
    const onward = request(new URL(incoming.url ?? "/", backend), { method, headers, agent });
    onward.on("response", (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED") pass(incoming, outgoing, body, others);
      else outgoing.writeHead(502).end(`${backend}: ${error.message}`);
    });
    onward.end(body);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  scope.defer(async () => {
    isClosing = true;
    await watching;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    agent.destroy();
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    setBackends(urls) {
      backends = urls;
      ready = ready.filter((url) => urls.includes(url));
      return ask();
    },
  };
}

/** Whether a process says that it is ready; as before when it says nothing in time. */
async function isServing(url: string, before: boolean): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(askTimeoutMs) });
    await answer.body?.cancel();
    return answer.ok;
  } catch (error) {
    return (error as Error).name === "TimeoutError" && before;
  }
}
