import { useLocation, useSearchParams } from "@solidjs/router";

/** Which business day is looked at, kept in the address beside how its chart is. */
export interface DaySearch {
  /** The date in the address; undefined for today, whichever that is. */
  readonly date: () => string | undefined;
  /** The address of a date, all else kept. */
  hrefOf(date: string): string;
  /** Leads to a date; that of `today` follows the clock from then on. */
  show(date: string, today: string): void;
  showToday(): void;
}

/** Reads and writes the date of the address; a day is a step that the browser's back button undoes. */
export function createDaySearch(): DaySearch {
  const location = useLocation();
  const [search, setSearch] = useSearchParams<{ date: string }>();
  const set = (date: string | undefined) => setSearch({ date }, { scroll: false });
  return {
    date: () => search.date || undefined,
    hrefOf(date) {
      const query = new URLSearchParams(location.search);
      query.set("date", date);
      return `${location.pathname}?${query}`;
    },
    show: (date, today) => set(date === today ? undefined : date),
    showToday: () => set(undefined),
  };
}
