/** Long work, as a person sees it. */
export interface ProgressBar {
  /** `fraction` from 0 to 1, and a phrase. */
  update(fraction: number, message: string): void;
  /** Takes the bar off the terminal, so that another line can be written; the next update draws it. */
  clear(): void;
  /** Ends the line. */
  end(): void;
}

const barWidth = 28;
/** Redrawing more often only costs. */
const redrawMs = 100;
/** Where nobody watches, a line now and then says that the work goes on. */
const lineEveryMs = 10_000;
/** Some terminals do not tell. */
const columnsDefault = 80;
const eraseLine = "\r\u001b[2K";

/** Draws on a terminal one line that grows; elsewhere prints a line every ten seconds. */
export function makeProgressBar(stream: NodeJS.WriteStream, label: string): ProgressBar {
  const isTerminal = stream.isTTY === true;
  let drawnAt = isTerminal ? 0 : Date.now();
  let isDrawn = false;
  return {
    update(fraction, message) {
      const now = Date.now();
      const share = Math.min(1, Math.max(0, fraction));
      const isDue = now - drawnAt >= (isTerminal ? redrawMs : lineEveryMs);
      if (!isDue && !(isTerminal && share === 1)) return;
      drawnAt = now;
      const percent = `${Math.round(100 * share)} %`;
      if (!isTerminal) {
        stream.write(`${label}: ${percent}, ${message}\n`);
        return;
      }
      const filled = Math.round(barWidth * share);
      const bar = "█".repeat(filled) + "░".repeat(barWidth - filled);
      const line = `${label} ${bar} ${percent.padStart(5)}  ${message}`;
      // A line that wraps could not be erased.
      stream.write(eraseLine + line.slice(0, (stream.columns || columnsDefault) - 1));
      isDrawn = true;
    },
    clear() {
      if (isDrawn) stream.write(eraseLine);
      isDrawn = false;
    },
    end() {
      if (isDrawn) stream.write("\n");
      isDrawn = false;
    },
  };
}
