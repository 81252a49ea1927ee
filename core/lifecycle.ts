/** Opened last is closed first: resources register their release beside their acquisition. */

/** Releases one resource. */
export type Release = () => void | Promise<void>;

/**
 * Holds what must be closed.
 *
 * @example
 * const pool = makePool(config);
 * scope.defer(() => pool.end());
 */
export class Scope {
  #releases: Release[] = [];
  #closing: Promise<void> | undefined;

  /** Registers a release; one that comes after closing began runs at once. */
  defer(release: Release): void {
    if (this.#closing === undefined) {
      this.#releases.push(release);
      return;
    }
    this.#closing = this.#closing.then(() => release());
  }

  /** Opens a scope that closes with this one. */
  child(): Scope {
    const inner = new Scope();
    this.defer(() => inner.close());
    return inner;
  }

  /** Runs every release, the last registered first, even when some fail. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#releaseAll();
    return this.#closing;
  }

  async #releaseAll(): Promise<void> {
    const faults: unknown[] = [];
    for (let release = this.#releases.pop(); release; release = this.#releases.pop()) {
      try {
        await release();
      } catch (fault) {
        faults.push(fault);
      }
    }
    if (faults.length === 1) throw faults[0];
    if (faults.length > 1) throw new AggregateError(faults, `${faults.length} releases failed`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Opens an empty scope. */
export function openScope(): Scope {
  return new Scope();
}
