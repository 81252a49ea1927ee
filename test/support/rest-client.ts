import { setTimeout as pause } from "node:timers/promises";
import type {
  EntriesResponse,
  OrderPushInput,
  OrderPushResponse,
  OrderStatusResponse,
  SalesRow,
} from "@tillcast/schemas";

/** An HTTP answer, its body read as JSON where it is JSON. */
export interface Answer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** What an integrator does with a key. */
export interface RestClient {
  /** Pushes a body as it is, or anything else as JSON. */
  push(body: unknown): Promise<Answer<OrderPushResponse & Record<string, unknown>>>;
  get<Body = Record<string, unknown>>(path: string): Promise<Answer<Body>>;
  /** Waits until an order is no longer on its way, and answers what became of it. */
  settled(order: Pick<OrderPushInput, "orderId">): Promise<OrderStatusResponse>;
  sales(storeId: string, query: Readonly<Record<string, string>>): Promise<SalesRow[]>;
  entries(storeId: string, query: Readonly<Record<string, string>>): Promise<EntriesResponse>;
}

const settleMaxMs = 20_000;
const pollMs = 25;

/** Makes a client of the product at `url`. */
export function makeRestClient(url: string, key: string): RestClient {
  const authorization = `Bearer ${key}`;

  async function send<Body>(path: string, init: RequestInit = {}): Promise<Answer<Body>> {
    const headers = { authorization, ...init.headers };
    const answer = await fetch(new URL(path, url), { ...init, headers });
    const text = await answer.text();
    const isJson = answer.headers.get("content-type")?.includes("json") === true;
    const body = (isJson ? JSON.parse(text) : text) as Body;
    return { status: answer.status, headers: answer.headers, body };
  }

  async function read<Body>(path: string): Promise<Body> {
    const { status, body } = await send<Body>(path);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  return {
    push: (body) =>
      send("/v1/orders", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    get: (path) => send(path),
    async settled({ orderId }) {
      const path = `/v1/orders/push/default/${encodeURIComponent(orderId)}/status`;
      const giveUpAt = performance.now() + settleMaxMs;
      for (;;) {
        const status = await read<OrderStatusResponse>(path);
        if (status.state !== "pending") return status;
        if (performance.now() > giveUpAt) throw new Error(`${orderId} is still on its way`);
        await pause(pollMs);
      }
    },
    sales: async (storeId, query) => {
      const path = `/v1/stores/${storeId}/sales?${new URLSearchParams(query)}`;
      return (await read<{ windows: SalesRow[] }>(path)).windows;
    },
    entries: (storeId, query) =>
      read(`/v1/stores/${storeId}/entries?${new URLSearchParams(query)}`),
  };
}
