import type { AddressInfo } from "node:net";
import { appError } from "@tillcast/core";
import type { HttpServer } from "@tillcast/core/http";
import { serverAddress } from "./sign-in-link.ts";

/** Listens, and answers the address as a person opens it. */
export async function listen(
  http: HttpServer,
  { HOST: host, PORT: port }: { readonly HOST: string; readonly PORT: number },
): Promise<string> {
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
  return serverAddress(host, (http.server.address() as AddressInfo).port);
}
