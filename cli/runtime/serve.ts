import type { AddressInfo } from "node:net";
import { appError, type HttpServer, openScope, type Scope } from "@tillcast/core";
import { demoTenant } from "@tillcast/ingest";
import { commandLogger } from "../command-logger.ts";
import { exitCodes } from "../exit-codes.ts";
import { makeProgressBar } from "../progress-bar.ts";
import { reportFault } from "../report-fault.ts";
import { startDemo } from "./demo.ts";
import { firstRunToken } from "./first-run.ts";
import { type Installation, openInstallation } from "./installation.ts";
import { refusePublicDemo } from "./refuse-public-demo.ts";
import { startServices } from "./services.ts";
import { serverAddress, signInLink } from "./sign-in-link.ts";

const demoOwnerEmail = "owner@demo.example";

/** A stop that takes longer is cut short; every acknowledged order is durable already. */
const stopTimeoutMs = 20_000;

/** What `start` and `demo` differ in. */
export interface ServeOptions {
  /** Whether the demo tenant trades; as the settings say when absent. */
  readonly demo?: "on" | "off";
  /** How much faster than real time the demo's stores live; default 1. */
  readonly speed?: number;
}

/** Runs everything in this process until a signal ends it. */
export async function serve(options: ServeOptions = {}): Promise<void> {
  const log = commandLogger("tillcast");
  const scope = openScope();
  const stop = stopOnce(scope);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => void stop(exitCodes.done));
  try {
    await start(scope, await openInstallation({ scope, log, role: "server" }), options);
  } catch (error) {
    reportFault(error, false);
    await stop(Number(process.exitCode));
  }
}

/** Stops everything the scope holds, once, then ends the process. */
function stopOnce(scope: Scope): (exitCode: number) => Promise<void> {
  let stopping: Promise<void> | undefined;
  return (exitCode) => {
    stopping ??= (async () => {
      const tooLong = setTimeout(() => process.exit(exitCodes.refused), stopTimeoutMs);
      tooLong.unref();
      await scope.close().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
      process.exit(exitCode);
    })();
    return stopping;
  };
}

async function start(
  scope: Scope,
  installation: Installation,
  { demo: isDemo = installation.settings.TILLCAST_DEMO, speed = 1 }: ServeOptions,
): Promise<void> {
  const { settings, database, clock } = installation;
  await refusePublicDemo(database.service, settings.HOST, isDemo);
  const services = await startServices(scope, installation);
  await listen(services.http, settings.HOST, settings.PORT);
  const { port } = services.http.server.address() as AddressInfo;
  const address = serverAddress(settings.HOST, port);
  process.stdout.write(`Tillcast listens on ${address}\n`);
  if (isDemo === "off") {
    process.stdout.write("Make a tenant with: npx tillcast tenant create --name NAME\n");
    return;
  }
  const progress = makeProgressBar(process.stdout, "Simulating the last weeks");
  const demo = await startDemo(scope, installation, {
    ingest: services.ingest,
    speed,
    onProgress: progress.update,
  });
  const token = await firstRunToken(
    database.service,
    { tenantId: demoTenant.tenantId, email: demoOwnerEmail },
    clock.now(),
  );
  process.stdout.write(
    token === null
      ? `Sign in as before at ${address}\n`
      : `First sign-in, as owner of the demo: ${signInLink(address, token)}\n`,
  );
  await demo.live;
  progress.end();
  process.stdout.write("The demo's stores trade live. Ctrl-C stops everything; data stays.\n");
}

async function listen(http: HttpServer, host: string, port: number): Promise<void> {
  try {
    await http.listen({ host, port });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason =
      code === "EADDRINUSE"
        ? `another program listens on ${host}:${port}; stop it, or set PORT to another`
        : `Tillcast cannot listen on ${host}:${port}: ${message}`;
    throw appError("conflict", { reason }, { cause });
  }
}
