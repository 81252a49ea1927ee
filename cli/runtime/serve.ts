import { firstOwnerLink } from "@tillcast/accounts";
import { operatorActor } from "@tillcast/core";
import { demoTenant } from "@tillcast/simulator";
import { makeProgressBar } from "../progress-bar.ts";
import { startDemo } from "./demo.ts";
import { listen } from "./listen.ts";
import { noteAddress } from "./own-address.ts";
import { refusePublicDemo } from "./refuse-public-demo.ts";
import { type Process, runUntilStopped } from "./run-until-stopped.ts";
import { startServices } from "./services.ts";
import { signInLink } from "./sign-in-link.ts";

const demoOwnerEmail = "owner@demo.example";

/** What `start` and `demo` differ in. */
export interface ServeOptions {
  /** Whether the demo tenant trades; as the settings say when absent. */
  readonly demo?: "on" | "off";
  /** How much faster than real time the demo's stores live; default 1. */
  readonly speed?: number;
}

/** Runs everything in this process until a signal ends it. */
export function serve(options: ServeOptions = {}): Promise<void> {
  return runUntilStopped("server", (running) => start(running, options));
}

async function start(
  { scope, installation, beforeStop }: Process,
  { demo: isDemo = installation.settings.TILLCAST_DEMO, speed = 1 }: ServeOptions,
): Promise<void> {
  const { settings, database, clock } = installation;
  await refusePublicDemo(database.service, settings.HOST, isDemo);
  const { drain, ingest, ...servers } = await startServices(scope, installation);
  beforeStop(() => drain.begin(0), 0);
  const { address, operationsAddress } = await listen(servers, settings);
  scope.defer(await noteAddress(settings.TILLCAST_DATA_DIR, address));
  process.stdout.write(`Metrics at ${operationsAddress}/metrics\n`);
  process.stdout.write(`Tillcast listens on ${address}\n`);
  if (isDemo === "off" || ingest === undefined) {
    process.stdout.write("Make a tenant with: npx tillcast tenant create --name NAME\n");
    return;
  }
  const progress = makeProgressBar(process.stdout, "Simulating the last weeks");
  const demo = await startDemo(scope, installation, {
    ingest,
    speed,
    onProgress: progress.update,
  });
  // May be printed: the data is made up, and a demo listens on the loopback only.
  const token = await firstOwnerLink(database.service, operatorActor(clock.now()), {
    tenantId: demoTenant.tenantId,
    email: demoOwnerEmail,
  });
  process.stdout.write(
    token === null
      ? `Sign in as before at ${address}\n`
      : `First sign-in, as owner of the demo: ${signInLink(address, token)}\n`,
  );
  await demo.live;
  progress.end();
  process.stdout.write("The demo's stores trade live. Ctrl-C stops everything; data stays.\n");
}
