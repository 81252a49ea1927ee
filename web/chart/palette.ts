/** The chart's colours as the page's style sheet resolves them now. */
export interface Palette {
  readonly actual: string;
  readonly actualFill: string;
  readonly running: string;
  readonly expected: string;
  readonly band: string;
  readonly bandEdge: string;
  readonly lastWeek: string;
  readonly grid: string;
  readonly axis: string;
  readonly now: string;
  readonly hatch: string;
}

/** Reads the registered colour properties (`tokens.css`) from an element of the page. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(`--chart-${name}`).trim();
  return {
    actual: color("actual"),
    actualFill: color("actual-fill"),
    running: color("running"),
    expected: color("expected"),
    band: color("band"),
    bandEdge: color("band-edge"),
    lastWeek: color("last-week"),
    grid: color("grid"),
    axis: color("axis"),
    now: color("now"),
    hatch: color("hatch"),
  };
}
