import { createSignal, onCleanup } from "solid-js";

/** A question to the server: its latest answer, what went wrong, and how to ask again. */
export interface Query<Answer> {
  readonly data: () => Answer | undefined;
  readonly error: () => Error | undefined;
  readonly isLoading: () => boolean;
  readonly reload: () => Promise<void>;
}

/** Asks at once; an earlier answer stays while it is asked again, and an overtaken one is dropped. */
export function createQuery<Answer>(ask: () => Promise<Answer>): Query<Answer> {
  const [data, setData] = createSignal<Answer>();
  const [error, setError] = createSignal<Error>();
  const [isLoading, setLoading] = createSignal(true);
  let newest = 0;
  onCleanup(() => {
    newest = -1;
  });

  async function reload(): Promise<void> {
    newest += 1;
    const mine = newest;
    setLoading(true);
    try {
      const answer = await ask();
      if (mine !== newest) return;
      setData(() => answer);
      setError(undefined);
    } catch (cause) {
      if (mine === newest) setError(cause instanceof Error ? cause : new Error(String(cause)));
    } finally {
      if (mine === newest) setLoading(false);
    }
  }

  void reload();
  return { data, error, isLoading, reload };
}
