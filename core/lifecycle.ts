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
  /** True once a closing found nothing more to release. */
  #isClosed = false;

  /**
   * Registers a release. One that comes while the scope closes is run by that closing, and one that comes
   * later runs at once; its fault is told by the next `close`.
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

  /** Runs every release, the last registered first, even when some fail. Safe to call twice. */
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
