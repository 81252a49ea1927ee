/** Long work, as a person sees it. */
export interface ProgressBar {
  /** `fraction` from 0 to 1, and a phrase. */
  update(fraction: number, message: string): void;
  /** Ends the line. */
  end(): void;
}

const barWidth = 28;
/** Redrawing more often only costs. */
const redrawMs = 100;
/** Where nobody watches, a line now and then says that the work goes on. */
const lineEveryMs = 10_000;

/** Draws on a terminal one line that grows; elsewhere prints a line every ten seconds. */
export function makeProgressBar(stream: NodeJS.WriteStream, label: string): ProgressBar {
  let drawnAt = 0;
  let drawn = false;
  const startedAt = Date.now();
  const isTerminal = stream.isTTY === true;
  return {
    update(fraction, message) {
      const now = Date.now();
      if (
        isTerminal
          ? now - drawnAt < redrawMs && fraction < 1
          : now - Math.max(drawnAt, startedAt) < lineEveryMs
      )
        return;
      drawnAt = now;
      const share = Math.min(1, Math.max(0, fraction));
      const percent = `${Math.round(100 * share)} %`.padStart(5);
      if (!isTerminal) {
        stream.write(`${label}: ${percent.trim()}, ${message}\n`);
        return;
      }
      const filled = Math.round(barWidth * share);
      stream.write(
        `\r\u001b[2K${label} ${"█".repeat(filled)}${"░".repeat(barWidth - filled)} ${percent}  ${message}`,
      );
      drawn = true;
    },
    end() {
      if (drawn) stream.write("\n");
    },
  };
}
