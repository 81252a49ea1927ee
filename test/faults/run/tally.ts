/** What a run has sent and how it was answered. */
export interface Tally {
  /** Counts an answer by its status; undefined is none in time. */
  answered(status: number | undefined): void;
  /** Times by status, such as `{ 200: 812, none: 31 }`. */
  answers(): Readonly<Record<string, number>>;
  /** Counts a fault that happened. */
  happened(name: string): void;
  faults(): Readonly<Record<string, number>>;
}

/** Makes an empty tally. */
export function makeTally(): Tally {
  const answers: Record<string, number> = {};
  const faults: Record<string, number> = {};
  const add = (counts: Record<string, number>, name: string) => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  return {
    answered: (status) => add(answers, status === undefined ? "none" : String(status)),
    answers: () => answers,
    happened: (name) => add(faults, name),
    faults: () => faults,
  };
}
