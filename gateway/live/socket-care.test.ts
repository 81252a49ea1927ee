import type { Principal } from "@tillcast/accounts";
import { appError, makeMetrics, silentLogger } from "@tillcast/core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { liveLimits } from "../config.ts";
import { startRecheck } from "./recheck.ts";
import { installationRoom, storeRoom, tenantRoom } from "./rooms.ts";
import type { LiveSocket } from "./socket-types.ts";
import { startSweep } from "./sweep.ts";

const viewer: Principal = {
  kind: "user",
  tenantId: "tenant",
  role: "viewer",
  scopes: [],
  storeIds: ["a", "b"],
};

function makeSocket(credentialId: string) {
  const rooms = new Set([tenantRoom("tenant"), storeRoom("a"), storeRoom("b")]);
  const socket = {
    data: { principal: viewer, credentials: { headers: { cookie: credentialId } }, credentialId },
    rooms,
    conn: { writeBuffer: [] as unknown[], close: vi.fn() },
    disconnect: vi.fn(),
    join: (room: string) => rooms.add(room),
    leave: (room: string) => rooms.delete(room),
  };
  return socket;
}
const socketsOf = (...sockets: ReturnType<typeof makeSocket>[]) => ({
  sockets: new Map(
    sockets.map((socket, index) => [String(index), socket as unknown as LiveSocket]),
  ) as never,
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the sweep", () => {
  test("closes a reader that fell behind, and no other", async () => {
    const [slow, quick] = [makeSocket("1"), makeSocket("2")];
    slow.conn.writeBuffer = Array(liveLimits.writeBufferMaxPackets + 1).fill(0);
    quick.conn.writeBuffer = Array(liveLimits.writeBufferMaxPackets).fill(0);
    const metrics = makeMetrics();
    const sweep = startSweep(socketsOf(slow, quick), metrics);
    vi.advanceTimersByTime(liveLimits.sweepMs);
    expect(slow.conn.close).toHaveBeenCalledWith(true);
    expect(quick.conn.close).not.toHaveBeenCalled();
    expect(await metrics.text()).toContain("ws_slow_client_closed_total 1");
    sweep.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("looking up sockets again", () => {
  async function recheck(
    sockets: ReturnType<typeof makeSocket>[],
    authenticate: () => Promise<Principal | undefined>,
  ): Promise<void> {
    const running = startRecheck({ live: socketsOf(...sockets), authenticate, log: silentLogger });
    await vi.advanceTimersByTimeAsync(liveLimits.recheckMs);
    await running.stop();
  }

  test("closes those whose session is over, asking once for each session", async () => {
    const sockets = [makeSocket("1"), makeSocket("1"), makeSocket("2")];
    const authenticate = vi.fn(async () => undefined);
    await recheck(sockets, authenticate);
    expect(authenticate).toHaveBeenCalledTimes(2);
    for (const socket of sockets) expect(socket.disconnect).toHaveBeenCalledWith(true);
  });

  test("takes a socket out of the stores that its person lost", async () => {
    const socket = makeSocket("1");
    await recheck([socket], async () => ({ ...viewer, storeIds: ["b"] }));
    expect([...socket.rooms]).toEqual([tenantRoom("tenant"), storeRoom("b")]);
    expect(socket.disconnect).not.toHaveBeenCalled();
  });

  test("takes a socket out of the installation's room when its person runs it no more", async () => {
    const socket = makeSocket("1");
    const operator = { ...viewer, role: "operator", runsInstallation: true } as const;
    await recheck([socket], async () => operator);
    expect(socket.rooms).toContain(installationRoom);
    for (const role of ["operator", "owner", "viewer"] as const) {
      await recheck([socket], async () => operator);
      await recheck([socket], async () => ({ ...viewer, role }));
      expect(socket.rooms, role).not.toContain(installationRoom);
    }
  });

  test("closes those of a tenant that was disabled", async () => {
    const socket = makeSocket("1");
    await recheck([socket], () => Promise.reject(appError("forbidden", { reason: "disabled" })));
    expect(socket.disconnect).toHaveBeenCalledWith(true);
  });

  test("looks often enough that a person who is disabled is out within ten seconds", () => {
    expect(liveLimits.recheckMs).toBeLessThan(10_000);
  });

  test("leaves sockets alone while the database is away", async () => {
    const socket = makeSocket("1");
    await recheck([socket], () => Promise.reject(new Error("connection refused")));
    expect(socket.disconnect).not.toHaveBeenCalled();
    expect(socket.rooms.size).toBe(3);
  });
});
