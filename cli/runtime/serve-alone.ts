import { listen } from "./listen.ts";
import { refusePublicDemo } from "./refuse-public-demo.ts";
import { answersCallers, type ServiceName } from "./roles.ts";
import { runUntilStopped } from "./run-until-stopped.ts";
import { startServices } from "./services.ts";

/** Runs one service in this process, beside any number of others on the same database and log. */
export function serveAlone(service: ServiceName): Promise<void> {
  return runUntilStopped(service, async ({ scope, installation, beforeStop }) => {
    const { settings, database } = installation;
    await refusePublicDemo(database.service, settings.HOST, "off");
    const { drain, ...servers } = await startServices(scope, installation, [service]);
    // Nobody is sent to a service that answers no requests, so that there is no one to turn away.
    const drainMs = answersCallers(service) ? settings.TILLCAST_DRAIN_MS : 0;
    beforeStop(() => drain.begin(drainMs), drainMs);
    const { address, operationsAddress } = await listen(servers, settings);
    process.stdout.write(`Metrics at ${operationsAddress}/metrics\n`);
    process.stdout.write(`Tillcast ${service} listens on ${address}\n`);
  });
}
