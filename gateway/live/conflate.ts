/** What tells one window of a store from another. */
export interface WindowKey {
  readonly businessDate: string;
  readonly start: number;
  readonly channel: string;
  readonly currency: string;
}

/** A change of one store's windows, in wire or in log form: `(prevSeq, seq]` of one epoch. */
export interface RoomUpdate<Window extends WindowKey, Open> {
  readonly storeId: string;
  readonly epoch: number;
  readonly prevSeq: number;
  readonly seq: number;
  readonly windows: readonly Window[];
  readonly open: readonly Open[];
  readonly daysChanged: readonly string[];
  readonly receivedAt: number;
}

/**
 * Merges two updates of one store into one that takes a reader as far as both, one after the other,
 * would. The merged update reaches from the oldest `prevSeq` to the newest `seq`, and carries of each
 * window the newest whole picture.
 *
 * Where the two do not touch, something between them was never seen here: only the newer one is kept,
 * so that its `prevSeq` shows the gap to every reader. A newer epoch puts the older one aside.
 */
export function mergeUpdates<Window extends WindowKey, Open>(
  first: RoomUpdate<Window, Open>,
  second: RoomUpdate<Window, Open>,
): RoomUpdate<Window, Open> {
  if (first.epoch !== second.epoch) return first.epoch > second.epoch ? first : second;
  // What arrives again keeps its place: the newer picture is the one with the higher `seq`.
  const [older, newer] = isNewer(first, second) ? [second, first] : [first, second];
  if (newer.prevSeq > older.seq) return newer;
  return {
    storeId: newer.storeId,
    epoch: newer.epoch,
    prevSeq: Math.min(older.prevSeq, newer.prevSeq),
    seq: newer.seq,
    windows: latestWindows(older.windows, newer.windows),
    // An update that stays where it is says nothing but where the store is.
    open: newer.seq > newer.prevSeq ? newer.open : older.open,
    daysChanged: [...new Set([...older.daysChanged, ...newer.daysChanged])].sort(),
    receivedAt: Math.max(older.receivedAt, newer.receivedAt),
  };
}

function isNewer(
  first: { readonly seq: number; readonly prevSeq: number },
  second: { readonly seq: number; readonly prevSeq: number },
): boolean {
  if (first.seq !== second.seq) return first.seq > second.seq;
  // At one `seq` the one that moved there knows more than the one that was there already.
  return first.prevSeq < second.prevSeq;
}

function latestWindows<Window extends WindowKey>(
  older: readonly Window[],
  newer: readonly Window[],
): Window[] {
  const latest = new Map<string, Window>();
  for (const window of older) latest.set(keyOf(window), window);
  for (const window of newer) latest.set(keyOf(window), window);
  return [...latest.values()];
}

const keyOf = (window: WindowKey): string =>
  `${window.businessDate} ${window.start} ${window.channel} ${window.currency}`;
