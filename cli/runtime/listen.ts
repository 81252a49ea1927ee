import { type AddressInfo, createServer } from "node:net";
import { appError, type Settings } from "@tillcast/core";
import type { HttpServer } from "@tillcast/core/http";
import type { installationSettings } from "../settings.ts";
import { serverAddress } from "./sign-in-link.ts";

type Addresses = Pick<
  Settings<typeof installationSettings>,
  "HOST" | "PORT" | "OPERATIONS_HOST" | "OPERATIONS_PORT"
>;

/**
 * Listens for whoever runs the product first, so that a taken address is told before anybody is served, then
 * for callers; answers both addresses as a person opens them.
 */
export async function listen(
  { http, operations }: { readonly http: HttpServer; readonly operations: HttpServer },
  settings: Addresses,
): Promise<{ readonly address: string; readonly operationsAddress: string }> {
  const { OPERATIONS_HOST, OPERATIONS_PORT, HOST, PORT } = settings;
  const operationsAddress = await listenForOperations(operations, OPERATIONS_HOST, OPERATIONS_PORT);
  const address = await listenAt(http, "PORT", { host: HOST, port: PORT });
  return { address, operationsAddress };
}

/** A second installation on one machine takes a free port where nobody named one; the start prints it. */
async function listenForOperations(
  server: HttpServer,
  host: string,
  port: number,
): Promise<string> {
  const isNamed = process.env.OPERATIONS_PORT !== undefined;
  const isFree = isNamed || (await canListenAt(host, port));
  return listenAt(server, "OPERATIONS_PORT", { host, port: isFree ? port : 0 });
}

/** Whether nobody listens there. */
async function canListenAt(host: string, port: number): Promise<boolean> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once("error", reject);
      probe.listen({ host, port }, resolve);
    });
    return true;
  } catch (error) {
    // Whatever else is wrong is told when the server itself listens.
    return (error as NodeJS.ErrnoException).code !== "EADDRINUSE";
  } finally {
    probe.close();
  }
}

async function listenAt(
  server: HttpServer,
  setting: "PORT" | "OPERATIONS_PORT",
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  try {
    await server.listen({ host, port });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason =
      code === "EADDRINUSE"
        ? `another program listens on ${host}:${port}; stop it, or set ${setting} to another`
        : `Tillcast cannot listen on ${host}:${port} (${setting}): ${message}`;
    throw appError("conflict", { reason }, { cause });
  }
  return serverAddress(host, (server.server.address() as AddressInfo).port);
}
