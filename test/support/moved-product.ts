import { setTimeout as pause } from "node:timers/promises";
import { makeAuthenticate, makeHttpAccess } from "@tillcast/accounts";
import {
  type Clock,
  makeHealth,
  makeMetrics,
  readSettings,
  type Scope,
  silentLogger,
} from "@tillcast/core";
import { addProbeRoutes, buildHttpServer } from "@tillcast/core/http";
import { gatewaySettings, prepareHttp, startGateway } from "@tillcast/gateway";
import type { OrderPushInput, Overview, OverviewRow } from "@tillcast/schemas";
import { startServices } from "../../cli/runtime/services.ts";
import { addUser } from "../../gateway/testing/people.ts";
import { aBill } from "./a-bill.ts";
import { type BrowserWay, openBrowserWay } from "./browser-way.ts";
import { openTestInstallation } from "./open-installation.ts";
import { freePort } from "./product.ts";
import { pushUntilTaken } from "./push-until-taken.ts";
import { makeRestClient } from "./rest-client.ts";
import { addStore, addTenant } from "./tenants.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** The store is open from 8 to 22, and it is 14 o'clock there when the test begins. */
const [OPENS, HOUR_NOW, CLOSES] = [8, 14, 22] as const;
/** As many as a baseline needs before it is made without waiting for more. */
const HISTORY_DAYS = 30;
/** Between two heartbeats by the real clock. */
const BEAT_MS = 1_000;
const forecastMaxMs = 60_000;

/** The real product with a clock that a test moves ahead, and a gateway that can go and come back. */
export interface MovedProduct {
  readonly way: BrowserWay;
  /** The `Cookie` of an owner. */
  readonly cookie: string;
  readonly storeId: string;
  /** A store whose business day ends at 20:00, when the first one's is still long. */
  readonly turningId: string;
  readonly timeZone: string;
  now(): number;
  /** Moves the product's clock; the tills go on telling that they live. */
  advance(ms: number): Promise<void>;
  /** Sells one order for 12.50 a minute ago, and waits until it counts. */
  sell(): Promise<void>;
  /** Every figure that was ever true of the store's day, in minor units. */
  readonly nets: ReadonlySet<string>;
  /** The store as the list has it. */
  overview(storeId: string): Promise<OverviewRow>;
  /** Stops the gateway as a deploy does: it says farewell first. */
  stopGateway(): Promise<void>;
  startGateway(webDist: string): Promise<void>;
}

/** Starts intake, processor and forecaster, then a gateway of its own, on a store with a month of sales. */
export async function startMovedProduct(scope: Scope, webDist: string): Promise<MovedProduct> {
  Object.assign(process.env, { FORECAST_TRAINING: "off", FORECAST_TICK_MS: "500" });
  let shiftMs = 0;
  const clock: Clock = { now: () => Date.now() + shiftMs };
  const installation = { ...(await openTestInstallation(scope)), clock };
  const { database } = installation;
  const { http } = await startServices(scope.child(), installation, [
    "process",
    "forecast",
    "ingest",
  ]);
  const intakeUrl = await http.listen({ host: "127.0.0.1", port: 0 });

  const port = await freePort();
  const way = await openBrowserWay(scope, port);
  let stop: (() => Promise<void>) | undefined;
  async function startOwnGateway(dist: string): Promise<void> {
    // A registry of its own, as a process of its own has.
    const metrics = makeMetrics();
    const authenticate = makeAuthenticate({ database, clock });
    const access = makeHttpAccess(authenticate);
    const own = buildHttpServer({ log: silentLogger, metrics, access });
    const health = makeHealth();
    await prepareHttp(own);
    addProbeRoutes(own, { health });
    const settings = readSettings(gatewaySettings, {});
    await startGateway({
      ...installation,
      metrics,
      http: own,
      health,
      jobs: {},
      authenticate,
      settings,
      webDist: dist,
    });
    await own.listen({ host: "127.0.0.1", port });
    stop = () => own.close();
  }
  const stopGateway = async () => {
    await stop?.();
    stop = undefined;
  };
  await startOwnGateway(webDist);
  scope.defer(stopGateway);

  const timeZone = zoneInWhichItIs(HOUR_NOW, clock.now());
  const { tenantId, key } = await addTenant(database.service, "Moved");
  const storeId = await addStore(database.service, tenantId, { timeZone });
  const turningId = await addStore(database.service, tenantId, {
    timeZone,
    closeoutMinute: 20 * 60,
  });
  const { cookie } = await addUser(database.service, { tenantId, role: "owner" });
  const client = makeRestClient(intakeUrl, key);
  const reader = makeRestClient(`http://127.0.0.1:${port}`, key);
  const beat = async () => {
    for (const id of [storeId, turningId]) {
      const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
      const body = JSON.stringify({ storeId: id });
      const answer = await fetch(`${intakeUrl}/v1/heartbeats`, { method: "POST", headers, body });
      if (!answer.ok) throw new Error(`a heartbeat was refused: ${await answer.text()}`);
    }
  };
  const overview = async (id: string) => {
    const { body } = await reader.get<Overview>("/v1/overview");
    const row = body.stores.find((one) => one.storeId === id);
    if (row === undefined) throw new Error("the store is missing");
    return row;
  };
  const past = [storeId, turningId].flatMap((id) => pastSales(id, clock.now()));
  await pushUntilTaken(client, past, { pushesAtOnce: 2, batchMaxCount: 200 });
  await keepBeating(scope, beat);
  await untilForecast(() => overview(storeId));
  const nets = new Set([(await overview(storeId)).net]);
  return {
    way,
    cookie,
    storeId,
    turningId,
    timeZone,
    now: clock.now,
    nets,
    overview,
    stopGateway,
    startGateway: startOwnGateway,
    async advance(ms) {
      shiftMs += ms;
      await beat();
    },
    async sell() {
      const order = billAt(storeId, clock.now() - MINUTE_MS);
      nets.add(String([...nets].map(BigInt).reduce((a, b) => (a > b ? a : b)) + 1_250n));
      await client.push(order);
      await client.settled(order);
    },
  };
}

/** Between 12.50 and 62.50 in each open hour, the same on every day of the week. */
function pastSales(storeId: string, now: number): OrderPushInput[] {
  const hourStart = Math.floor(now / HOUR_MS) * HOUR_MS;
  const dayOpens = hourStart - (HOUR_NOW - OPENS) * HOUR_MS;
  const days = Array.from({ length: HISTORY_DAYS + 1 }, (_, day) => dayOpens - day * DAY_MS);
  return days.flatMap((opens) =>
    Array.from({ length: CLOSES - OPENS }, (_, hour) => opens + hour * HOUR_MS)
      .flatMap((at, hour) =>
        Array.from(
          { length: 1 + ((hour * 7 + Math.floor(at / DAY_MS) * 3) % 5) },
          (_, nth) => at + nth * 11 * MINUTE_MS,
        ),
      )
      // The hour under way has begun with a sale too.
      .filter((at) => at <= now)
      .map((at) => billAt(storeId, at)),
  );
}

function billAt(storeId: string, at: number): OrderPushInput {
  return aBill(storeId, { paidAt: new Date(at).toISOString() });
}

/** Tills that tell all the time that they live, whatever the clock does. */
async function keepBeating(scope: Scope, beat: () => Promise<void>): Promise<void> {
  let isOver = false;
  await beat();
  const beating = (async () => {
    for (; !isOver; await pause(BEAT_MS)) await beat();
  })();
  scope.defer(async () => {
    isOver = true;
    await beating;
  });
}

async function untilForecast(overview: () => Promise<OverviewRow>): Promise<void> {
  const giveUpAt = performance.now() + forecastMaxMs;
  while ((await overview()).expectedSoFar === null) {
    if (performance.now() > giveUpAt) throw new Error("no forecast was made");
    await pause(250);
  }
}

/** A zone without changes of the clock; its name has the sign the other way round. */
function zoneInWhichItIs(hour: number, now: number): string {
  const ahead = hour - new Date(now).getUTCHours();
  if (ahead === 0) return "Etc/GMT";
  return `Etc/GMT${ahead > 0 ? "-" : "+"}${Math.abs(ahead)}`;
}
