import type { ClientToServer, ServerToClient } from "@tillcast/schemas";
import { io, type Socket } from "socket.io-client";
import { expect, test } from "vitest";
import { openGatewayHarness } from "../testing/harness.ts";
import { addTenant, addUser } from "../testing/people.ts";

test("a live connection that stops tells the clients when to come back, and takes no more", async () => {
  const harness = await openGatewayHarness();
  try {
    const { service } = harness.test.database;
    const tenantId = await addTenant(service);
    const { cookie } = await addUser(service, { tenantId, role: "viewer" });
    const address = await harness.listen();
    const client: Socket<ServerToClient, ClientToServer> = io(`${address}/live`, {
      transports: ["websocket"],
      reconnection: false,
      extraHeaders: { cookie },
    });
    await new Promise<void>((resolve) => client.on("connect", resolve));
    const drained = new Promise<{ inMs: number }>((resolve) => client.on("drain", resolve));
    const closed = new Promise((resolve) => client.on("disconnect", resolve));
    await Promise.all([harness.gateway.stop(), harness.gateway.stop()]);
    expect((await drained).inMs).toBeGreaterThanOrEqual(0);
    await closed;
  } finally {
    await harness.close();
  }
});
