/** The name under which the page tells that an update is on the screen. */
export const APPLIED_MARK = "tillcast:applied";

/** Marks are kept until read; a page that is open all day would otherwise hoard them. */
const MARKS_MAX = 500;

/** One update on its way to the screen. */
export interface AppliedDetail {
  readonly storeId: string;
  readonly seq: number;
  /** When Tillcast received the newest order of the update. */
  readonly receivedAt: number | null;
}

let marks = 0;

/** Marks the moment at which updates became visible, so that order-to-pixel can be measured. */
export function markApplied(details: readonly AppliedDetail[]): void {
  for (const detail of details) {
    marks += 1;
    if (marks % MARKS_MAX === 0) performance.clearMarks(APPLIED_MARK);
    performance.mark(APPLIED_MARK, { detail });
  }
}
