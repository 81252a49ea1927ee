/** One thing that doctor looked at. */
export interface Check {
  readonly name: string;
  /** `notice` is worth knowing and no fault. */
  readonly state: "ok" | "notice" | "failed";
  /** What was found; of a fault, also what to do. */
  readonly detail: string;
}

/** A check that found what it should. */
export const ok = (name: string, detail: string): Check => ({ name, state: "ok", detail });
/** Something to know. */
export const notice = (name: string, detail: string): Check => ({ name, state: "notice", detail });
/** A fault. */
export const failed = (name: string, detail: string): Check => ({ name, state: "failed", detail });
