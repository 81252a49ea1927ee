/** The result of one named check. */
export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  /** Why it failed. */
  readonly reason?: string;
}

/** The answer of `/readyz`. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: readonly CheckResult[];
}

/** The checks of all parts of the process. */
export interface Health {
  /** Adds a check. It resolves if its part works, and rejects with the reason if not. */
  register(name: string, check: () => Promise<void>): void;
  /** Runs all checks in parallel. */
  readiness(): Promise<Readiness>;
}

/** A slower check counts as failed. Probes usually wait one or two seconds. */
const checkTimeoutMs = 2_000;

/** Makes an empty set of checks. */
export function makeHealth(): Health {
  const checks = new Map<string, () => Promise<void>>();
  return {
    register(name, check) {
      checks.set(name, check);
    },
    async readiness() {
      const results = await Promise.all([...checks].map(([name, check]) => runCheck(name, check)));
      return { ready: results.every((result) => result.ok), checks: results };
    },
  };
}

async function runCheck(name: string, check: () => Promise<void>): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const tooSlow = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer in ${checkTimeoutMs} ms`)),
      checkTimeoutMs,
    );
  });
  try {
    await Promise.race([check(), tooSlow]);
    return { name, ok: true };
  } catch (fault) {
    return { name, ok: false, reason: fault instanceof Error ? fault.message : String(fault) };
  } finally {
    clearTimeout(timer);
  }
}
