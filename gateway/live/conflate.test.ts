import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeUpdates, type RoomUpdate } from "./conflate.ts";

interface TestWindow {
  readonly businessDate: string;
  readonly start: number;
  readonly channel: string;
  readonly currency: string;
  readonly net: number;
}
type Update = RoomUpdate<TestWindow, { readonly amount: number }>;

/** The tables, after each of their versions, and the updates that led there. */
interface History {
  readonly updates: readonly Update[];
  readonly tables: readonly ReadonlyMap<number, number>[];
}

/** A client as the browser has it: it applies whole windows and asks for a snapshot at a gap. */
class Client {
  seq: number;
  epoch = 1;
  gaps = 0;
  windows: Map<number, number>;
  readonly history: History;
  constructor(history: History, seq: number) {
    this.history = history;
    this.seq = seq;
    this.windows = new Map(history.tables[seq]);
  }
  apply(update: Update): void {
    if (update.epoch !== this.epoch || update.prevSeq > this.seq) {
      this.gaps += 1;
      return;
    }
    if (update.seq <= this.seq) return;
    for (const window of update.windows) this.windows.set(window.start, window.net);
    this.seq = update.seq;
  }
}

const touches = fc.array(fc.array(fc.nat(5), { minLength: 1, maxLength: 4 }), {
  minLength: 1,
  maxLength: 20,
});

function historyOf(touched: readonly (readonly number[])[]): History {
  const tables: Map<number, number>[] = [new Map()];
  const updates: Update[] = [];
  for (const [index, starts] of touched.entries()) {
    const table = new Map(tables.at(-1));
    for (const start of starts) table.set(start, (table.get(start) ?? 0) + index + 1);
    tables.push(table);
    const windows = [...new Set(starts)].map((start) => windowOf(start, table.get(start) ?? 0));
    updates.push(updateOf({ prevSeq: index, seq: index + 1, windows }));
  }
  return { updates, tables };
}

const windowOf = (start: number, net: number): TestWindow => ({
  businessDate: "2026-03-01",
  start,
  channel: "dine_in",
  currency: "EUR",
  net,
});

const updateOf = (fields: Partial<Update>): Update => ({
  storeId: "store",
  epoch: 1,
  prevSeq: 0,
  seq: 1,
  windows: [],
  open: [],
  daysChanged: [],
  receivedAt: 0,
  ...fields,
});

/** Merges runs of updates as a busy room does: `cuts[i]` says that a message goes out after update i. */
function conflate(updates: readonly Update[], cuts: readonly boolean[]): Update[] {
  const sent: Update[] = [];
  let pending: Update | undefined;
  for (const [index, update] of updates.entries()) {
    pending = pending === undefined ? update : mergeUpdates(pending, update);
    if (cuts[index % cuts.length] === true) {
      sent.push(pending);
      pending = undefined;
    }
  }
  return pending === undefined ? sent : [...sent, pending];
}

const cutsOf = fc.array(fc.boolean(), { minLength: 1, maxLength: 20 });

describe("merging the updates of a room", () => {
  test("any split and merge takes every client to the state of the tables", () => {
    fc.assert(
      fc.property(touches, cutsOf, fc.nat(20), (touched, cuts, joinedAt) => {
        const history = historyOf(touched);
        const client = new Client(history, Math.min(joinedAt, touched.length));
        for (const update of conflate(history.updates, cuts)) client.apply(update);
        expect(client.gaps).toBe(0);
        expect(client.windows).toEqual(history.tables.at(-1));
      }),
    );
  });

  test("updates that come again, and word of where the store is, change nothing", () => {
    fc.assert(
      fc.property(touches, cutsOf, fc.array(fc.nat(40)), (touched, cuts, again) => {
        const history = historyOf(touched);
        const stream = [...history.updates];
        for (const at of again) {
          const index = at % stream.length;
          const update = stream[index] as Update;
          const repeated =
            at % 2 === 0 ? update : updateOf({ prevSeq: update.seq, seq: update.seq });
          stream.splice(index + 1, 0, repeated);
        }
        const client = new Client(history, 0);
        for (const update of conflate(stream, cuts)) client.apply(update);
        expect(client.gaps).toBe(0);
        expect(client.windows).toEqual(history.tables.at(-1));
      }),
    );
  });

  test("an update that stays where the store is takes nothing from what is open", () => {
    const stays = { prevSeq: 5, seq: 5 };
    const [told, silent] = [updateOf({ ...stays, open: [{ amount: 3 }] }), updateOf(stays)];
    expect(mergeUpdates(told, silent).open).toEqual([{ amount: 3 }]);
    const moves = updateOf({ prevSeq: 4, seq: 5, open: [{ amount: 7 }] });
    expect(mergeUpdates(moves, silent).open).toEqual([{ amount: 7 }]);
    expect(mergeUpdates(silent, moves).open).toEqual([{ amount: 7 }]);
  });

  test("a client never believes a state that it cannot have: it is right, or it saw a gap", () => {
    fc.assert(
      fc.property(touches, cutsOf, cutsOf, (touched, cuts, lost) => {
        const history = historyOf(touched);
        const kept = history.updates.filter((_, index) => lost[index % lost.length] !== true);
        const client = new Client(history, 0);
        for (const update of conflate(kept, cuts)) {
          client.apply(update);
          expect(client.windows).toEqual(history.tables[client.seq]);
        }
        const heardOfAll = client.seq === (kept.at(-1)?.seq ?? 0);
        expect(heardOfAll || client.gaps > 0).toBe(true);
      }),
    );
  });

  test("a newer epoch puts the older one aside, whichever comes first", () => {
    const old = updateOf({ epoch: 1, seq: 90, windows: [windowOf(1, 5)] });
    const fresh = updateOf({ epoch: 2, seq: 1, windows: [windowOf(1, 7)] });
    expect(mergeUpdates(old, fresh)).toEqual(fresh);
    expect(mergeUpdates(fresh, old)).toEqual(fresh);
  });

  test("open sales come from the newest change, not from word of where the store is", () => {
    const change = updateOf({ prevSeq: 0, seq: 1, open: [{ amount: 5 }] });
    const at = updateOf({ prevSeq: 1, seq: 1, open: [] });
    expect(mergeUpdates(change, at).open).toEqual([{ amount: 5 }]);
    expect(mergeUpdates(at, change).open).toEqual([{ amount: 5 }]);
  });
});
