/** Tells whether histories have stopped growing. */

/** Takes a look at a history's days; true when they have stood still for long enough. */
export type HistoryWatch = (key: string, historyDays: number) => boolean;

/** Ticks of the schedule without a change: longer than a pause between two batches of an import. */
const settledTicks = 4;

/** Makes a watch that counts the looks since a history last changed. */
export function makeHistoryWatch(): HistoryWatch {
  const seen = new Map<string, { readonly historyDays: number; readonly ticks: number }>();
  return (key, historyDays) => {
    const before = seen.get(key);
    const ticks = before?.historyDays === historyDays ? before.ticks + 1 : 0;
    seen.set(key, { historyDays, ticks });
    return ticks >= settledTicks;
  };
}
