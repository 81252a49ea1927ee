import { useSearchParams } from "@solidjs/router";
import type { ChartGrain } from "../live/aligned-data.ts";

/** How the chart is looked at, kept in the address: a link is a view. */
export interface ChartSearch {
  readonly grain: () => ChartGrain;
  readonly hasLastWeek: () => boolean;
  readonly isTable: () => boolean;
  setGrain(grain: ChartGrain): void;
  toggleLastWeek(): void;
  toggleTable(): void;
}

/** The widths on offer; the first is the default. */
export const chartGrains: readonly ChartGrain[] = ["15m", "hour", "total"];

/** Reads and writes the chart's part of the address. */
export function createChartSearch(): ChartSearch {
  const [search, setSearch] = useSearchParams<{ grain: string; compare: string; view: string }>();
  const set = (changes: Record<string, string | undefined>) =>
    setSearch(changes, { replace: true, scroll: false });
  const hasLastWeek = () => search.compare === "week";
  const isTable = () => search.view === "table";
  return {
    grain: () => chartGrains.find((grain) => grain === search.grain) ?? "15m",
    hasLastWeek,
    isTable,
    setGrain: (grain) => set({ grain: grain === "15m" ? undefined : grain }),
    toggleLastWeek: () => set({ compare: hasLastWeek() ? undefined : "week" }),
    toggleTable: () => set({ view: isTable() ? undefined : "table" }),
  };
}
