/** Releases resources in reverse order. Code registers the release next to the acquisition. */

/** Releases one resource. */
export type Release = () => void | Promise<void>;

/**
 * A list of resources to close.
 *
 * @example
 * const pool = makePool(config);
 * scope.defer(() => pool.end());
 */
export class Scope {
  #releases: Release[] = [];
  #closing: Promise<void> | undefined;
  /** True when everything is released. */
  #isClosed = false;

  /**
   * Registers a release. If the scope is closing, it runs with the others. If the scope is closed, it runs at once, and
   * the next `close` throws its error.
   */
  defer(release: Release): void {
    this.#releases.push(release);
    if (!this.#isClosed) return;
    const before = this.#closing ?? Promise.resolve();
    this.#closing = before.then(
      () => this.#releaseAll(),
      (fault: unknown) => this.#releaseAll().then(() => Promise.reject(fault)),
    );
    this.#closing.catch(() => undefined);
  }

  /** Opens a scope that closes with this one. */
  child(): Scope {
    const inner = new Scope();
    this.defer(() => inner.close());
    return inner;
  }

  /** Runs all releases, the last registered first, even if some fail. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#releaseAll();
    return this.#closing;
  }

  async #releaseAll(): Promise<void> {
    this.#isClosed = false;
    const faults: unknown[] = [];
    for (let release = this.#releases.pop(); release; release = this.#releases.pop()) {
      try {
        await release();
      } catch (fault) {
        faults.push(fault);
      }
    }
    this.#isClosed = true;
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
