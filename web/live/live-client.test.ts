import type { LiveRefusal, LiveSnapshot } from "@tillcast/schemas/browser";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { makeLiveClient } from "./live-client.ts";
import type { LiveSocket } from "./live-socket.ts";
import { snapshot, update } from "./testing/builders.ts";

/** A socket whose server is the test: it writes down what is asked and answers as told. */
function fakeSocket(answers: { denied?: string[]; snapshots?: (LiveSnapshot | LiveRefusal)[] }) {
  const listeners = new Map<string, (...values: unknown[]) => void>();
  const asked: string[] = [];
  const requests: unknown[] = [];
  const socket = {
    connected: false,
    active: true,
    io: { on: () => undefined, off: () => undefined },
    on: (event: string, listener: (...values: unknown[]) => void) => listeners.set(event, listener),
    timeout: () => socket,
    emit: (event: string) => asked.push(event),
    emitWithAck: async (event: string, request: { stores?: string[] }) => {
      asked.push(event);
      requests.push(request);
      if (event === "snapshot") return answers.snapshots?.shift() ?? snapshot();
      const denied = answers.denied ?? [];
      return { ok: request.stores?.filter((id) => !denied.includes(id)) ?? [], denied };
    },
    connect: () => undefined,
    disconnect: () => undefined,
    removeAllListeners: () => listeners.clear(),
  };
  const hear = (event: string, ...values: unknown[]) => listeners.get(event)?.(...values);
  const connect = async () => {
    socket.connected = true;
    hear("connect");
    await vi.advanceTimersByTimeAsync(0);
  };
  const lose = () => {
    socket.connected = false;
    hear("disconnect", "transport close");
  };
  return { socket: socket as unknown as LiveSocket, asked, requests, hear, connect, lose };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const quiet = { storeId: "s", onWindows: () => undefined };

test("joins the room first and asks for the snapshot second, so that nothing falls between", async () => {
  const fake = fakeSocket({});
  const client = makeLiveClient(fake.socket);
  const heard: string[] = [];
  client.watch({
    ...quiet,
    onAsking: () => heard.push("asking"),
    onSnapshot: () => heard.push("snapshot"),
    onWindows: () => heard.push("windows"),
  });
  await fake.connect();
  fake.hear("windows", update());
  expect([fake.asked, heard]).toEqual([
    ["join", "snapshot"],
    ["asking", "snapshot", "windows"],
  ]);
  expect(client.state()).toBe("live");
});

test("joins and asks again after the line was lost", async () => {
  const fake = fakeSocket({});
  const client = makeLiveClient(fake.socket);
  client.watch({ ...quiet, onSnapshot: () => undefined });
  await fake.connect();
  fake.lose();
  expect(client.state()).toBe("connecting");
  await fake.connect();
  expect(fake.asked).toEqual(["join", "snapshot", "join", "snapshot"]);
  expect(client.state()).toBe("live");
});

test("a refused store is told once and not asked for", async () => {
  const fake = fakeSocket({ denied: ["s"] });
  const client = makeLiveClient(fake.socket);
  const onRefused = vi.fn();
  client.watch({ ...quiet, onSnapshot: () => undefined, onRefused });
  await fake.connect();
  expect(onRefused).toHaveBeenCalledOnce();
  expect(fake.asked).toEqual(["join"]);
});

test("a snapshot that cannot be read now is asked for again, and the page is catching up until then", async () => {
  const fake = fakeSocket({ snapshots: [{ error: "overloaded", code: "overloaded" }] });
  const client = makeLiveClient(fake.socket);
  const onSnapshot = vi.fn();
  client.watch({ ...quiet, onSnapshot });
  await fake.connect();
  expect([client.state(), onSnapshot.mock.calls.length]).toEqual(["catchingUp", 0]);
  await vi.advanceTimersByTimeAsync(3_000);
  expect([client.state(), onSnapshot.mock.calls.length]).toEqual(["live", 1]);
});

test("a day is asked for by its date, and one that is no day is not asked for again", async () => {
  const fake = fakeSocket({ snapshots: [{ error: "ahead", code: "validationFailed" }] });
  const client = makeLiveClient(fake.socket);
  const [onSnapshot, onNoSuchDay] = [vi.fn(), vi.fn()];
  client.watch({ ...quiet, date: "2031-01-01", onSnapshot, onNoSuchDay });
  await fake.connect();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(fake.requests.at(-1)).toEqual({ storeId: "s", date: "2031-01-01" });
  expect([onNoSuchDay.mock.calls.length, onSnapshot.mock.calls.length]).toEqual([1, 0]);
  expect([fake.asked, client.state()]).toEqual([["join", "snapshot"], "live"]);
});

test("one snapshot is asked for at a time, however many gaps are seen", async () => {
  const fake = fakeSocket({});
  const client = makeLiveClient(fake.socket);
  const watch = client.watch({ ...quiet, onSnapshot: () => undefined });
  await fake.connect();
  watch.refresh();
  watch.refresh();
  await vi.advanceTimersByTimeAsync(0);
  expect(fake.asked).toEqual(["join", "snapshot", "snapshot"]);
});
