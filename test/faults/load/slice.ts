import type { OrderPushInput } from "@tillcast/schemas";
import { loadOrders, type SimulatedStore, simulatedStores } from "@tillcast/simulator";
import { type Dice, makeDice } from "../../support/dice.ts";
import { spoilOrder } from "../../support/spoil-order.ts";
import { enlarge, refunded } from "./later-lives.ts";

/** What is sent during one fault: a share of everything that tills do, and of what they should not. */
export interface Slice {
  /** Pictures of true orders, in the order in which they are sent; many come twice or late. */
  readonly pictures: readonly OrderPushInput[];
  /** Its orders are parked until the run makes it known. */
  readonly lateStore: SimulatedStore;
  /** Orders of a location that nobody ever maps. */
  readonly orphans: readonly OrderPushInput[];
  /** Orders with a fault of their own, each to be refused. */
  readonly spoiled: readonly unknown[];
  /** Orders that are appended to several partitions instead of being sent. */
  readonly shared: readonly OrderPushInput[];
  /** Texts that are no orders, for the order topic itself. */
  readonly poison: readonly string[];
}

/** Everything that a run sends belongs to this account and these stores. */
export const accountId = "faults";
export const tenantId = "0de10000-0000-4000-8000-0000000000fa";
export const stores: readonly SimulatedStore[] = simulatedStores(12);

const shares = { editShare: 0.25, duplicateShare: 0.1, lateShare: 0.1 };
const span = { fromMs: Date.parse("2026-11-18T00:00:00Z"), spanMs: 36 * 3_600_000 };
const share = { late: 0.06, orphan: 0.02, spoiled: 0.03, shared: 0.06, poison: 0.01 };
/** Shuffled among so many neighbours. */
const shuffleSpan = 60;

/** Draws the slice of a number, the same for the same seed. */
export function drawSlice(seed: number, number: number, orderCount: number): Slice {
  const sliceSeed = seed * 1_000 + number;
  const dice = makeDice(sliceSeed);
  const count = (part: number) => Math.max(1, Math.round(orderCount * part));
  // Each way of being no order once.
  const poisonCount = Math.max(4, count(share.poison));
  const draw = (orders: number, of: readonly SimulatedStore[], offset: number) => [
    ...loadOrders({
      seed: sliceSeed * 10 + offset,
      orders,
      stores: of,
      accountId,
      ...span,
      ...shares,
    }),
  ];
  const lateStore = lateStoreOf(number);
  const orphan = { ...lateStore, key: `nowhere-${number}` };
  const single = (orders: readonly OrderPushInput[]) => orders.filter(isFirst);
  const usual = draw(orderCount - count(share.late) - count(share.shared), stores, 0);
  const late = draw(count(share.late), [lateStore], 1);
  return {
    pictures: shuffle([...late, ...withLaterLives(usual, dice)], dice),
    lateStore,
    orphans: single(draw(count(share.orphan), [orphan], 2)),
    spoiled: single(draw(count(share.spoiled), stores, 3)).map((order) => spoilOrder(order, dice)),
    shared: single(draw(count(share.shared), stores, 4)),
    poison: Array.from({ length: poisonCount }, (_, at) => `poison ${sliceSeed} ${at}`),
  };
}

/** The part of a slice that is nowhere but in the log once it is taken. */
export function plainSlice(slice: Slice): Slice {
  const pictures = slice.pictures.filter((order) => order.locationId !== slice.lateStore.key);
  return { ...slice, pictures, orphans: [], spoiled: [] };
}

/** One order of every store, and nothing else. */
export function drawProbe(seed: number, number: number): Slice {
  const sliceSeed = seed * 1_000 + number;
  const pictures = [
    ...loadOrders({ seed: sliceSeed * 10, orders: stores.length, stores, accountId, ...span }),
  ];
  const lateStore = lateStoreOf(number);
  return { pictures, lateStore, orphans: [], spoiled: [], shared: [], poison: [] };
}

const isFirst = (order: OrderPushInput, at: number, all: readonly OrderPushInput[]) =>
  all.findIndex(({ orderId }) => orderId === order.orderId) === at;

function lateStoreOf(number: number): SimulatedStore {
  const [like] = simulatedStores(1) as [SimulatedStore];
  const storeId = `0de30000-0000-4000-8000-${String(number + 1).padStart(12, "0")}`;
  return { ...like, key: `late-${number}`, storeId, name: `Late ${number}` };
}

/** Some orders are huge, and some are refunded in part by a third version. */
function withLaterLives(pictures: readonly OrderPushInput[], dice: Dice): OrderPushInput[] {
  const huge = new Set(pictures.filter(() => dice.chance(0.02)).map(({ orderId }) => orderId));
  return pictures.flatMap((picture) => {
    const grown = huge.has(picture.orderId) ? enlarge(picture) : picture;
    const isRefunded = picture.version.vendorVersion === 1 && dice.chance(0.08);
    return isRefunded ? [grown, refunded(grown)] : [grown];
  });
}

/** Every picture moves by a few places, so that versions of one order come in any order. */
function shuffle<Item>(items: readonly Item[], dice: Dice): Item[] {
  return items
    .map((item, at) => ({ item, place: at + dice.next() * shuffleSpan }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
