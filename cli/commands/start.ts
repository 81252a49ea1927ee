import type { AddressInfo } from "node:net";
import { openScope, type Scope } from "@tillcast/core";
import { demoTenant } from "@tillcast/ingest";
import type { Command } from "commander";
import { commandLogger } from "../command-logger.ts";
import { exitCodes } from "../exit-codes.ts";
import { makeProgressBar } from "../progress-bar.ts";
import { startDemo } from "../runtime/demo.ts";
import { firstRunToken } from "../runtime/first-run.ts";
import { type Installation, openInstallation } from "../runtime/installation.ts";
import { refusePublicDemo } from "../runtime/refuse-public-demo.ts";
import { startServices } from "../runtime/services.ts";

const demoOwnerEmail = "owner@demo.example";

/** A stop that takes longer is cut short; every acknowledged order is durable already. */
const stopTimeoutMs = 20_000;

export default function addStart(program: Command): void {
  program
    .command("start")
    .description(
      "run everything in one process: database, intake, processors, forecaster, dashboard",
    )
    .action(async () => {
      const log = commandLogger("tillcast");
      const scope = openScope();
      const stop = stopOnce(scope);
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
        process.on(signal, () => void stop(0));
      try {
        await start(scope, await openInstallation({ scope, log, role: "server" }));
      } catch (error) {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        log.debug({ err: error }, "not started");
        await stop(exitCodes.refused);
      }
    });
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

async function start(scope: Scope, installation: Installation): Promise<void> {
  const { settings, database, clock } = installation;
  await refusePublicDemo(database.service, settings.HOST, settings.TILLCAST_DEMO);
  const services = await startServices(scope, installation);
  await services.http.listen({ host: settings.HOST, port: settings.PORT });
  const { port } = services.http.server.address() as AddressInfo;
  const address = `http://${settings.HOST.includes(":") ? `[${settings.HOST}]` : settings.HOST}:${port}`;
  process.stdout.write(`Tillcast listens on ${address}\n`);
  if (settings.TILLCAST_DEMO === "off") {
    process.stdout.write("Make a tenant with: npx tillcast tenant create --name NAME\n");
    return;
  }
  const progress = makeProgressBar(process.stdout, "Simulating the last weeks");
  const demo = await startDemo(scope, installation, services.ingest, progress.update);
  const token = await firstRunToken(
    database.service,
    { tenantId: demoTenant.tenantId, email: demoOwnerEmail },
    clock.now(),
  );
  process.stdout.write(
    token === null
      ? `Sign in as before at ${address}\n`
      : `First sign-in, as owner of the demo: ${address}/link?token=${token}\n`,
  );
  await demo.live;
  progress.end();
  process.stdout.write("The demo's stores trade live. Ctrl-C stops everything; data stays.\n");
}
