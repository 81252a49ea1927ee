import type { EntriesResponse, EntryRow } from "@tillcast/schemas/browser";
import { createMemo, createSignal, For, type JSX, onMount, Show } from "solid-js";
import { api } from "../api/api.ts";
import { clockRange, dayName, fullDayName } from "../format/times.ts";
import { text } from "../i18n/text.ts";
import { type DayPicture, sumWithin } from "../live/day-picture.ts";
import type { Bucket } from "../live/local-hours.ts";
import { ProblemNote } from "../shell/ProblemNote.tsx";
import { billRows } from "./bill-rows.ts";
import { DrillEntry } from "./DrillEntry.tsx";
import { DrillProof } from "./DrillProof.tsx";

const isSameList = (a: readonly string[], b: readonly string[]) => a.join() === b.join();

/** The whole business day, or one hour of it. */
export type DrillTarget = Bucket | Record<string, never>;

/** The orders and ledger entries behind a figure, and the proof that they add up to it. */
export function DrillDown(props: {
  readonly target: DrillTarget;
  readonly picture: DayPicture;
  readonly onClose: () => void;
}): JSX.Element {
  const [total, setTotal] = createSignal<EntriesResponse["total"]>();
  const [entries, setEntries] = createSignal<readonly EntryRow[]>([]);
  const bills = createMemo(() => new Map(billRows(entries()).map((bill) => [bill.key, bill])));
  const keys = createMemo(() => [...bills().keys()], undefined, { equals: isSameList });
  const [cursor, setCursor] = createSignal<string | null>(null);
  const [error, setError] = createSignal<Error>();
  const [isBusy, setBusy] = createSignal(false);
  let dialog: HTMLDialogElement | undefined;

  const bucket = (): Bucket | undefined =>
    "start" in props.target ? (props.target as Bucket) : undefined;
  const title = () => {
    const hour = bucket();
    const { phase, businessDate } = props.picture;
    if (hour === undefined) {
      const name = phase === "past" ? fullDayName : dayName;
      return text("drill.titleDay", { day: name(businessDate) });
    }
    const when = clockRange(hour.start, hour.end, props.picture.timeZone);
    return text("drill.titleHour", { when });
  };
  const shown = () => {
    const hour = bucket();
    return hour === undefined ? props.picture.net : sumWithin(props.picture, hour);
  };

  async function read(from: string | null): Promise<void> {
    const { storeId, businessDate, currency } = props.picture;
    const hour = bucket();
    const stretch = hour === undefined ? {} : { from: hour.start, to: hour.end };
    setBusy(true);
    try {
      const page = await api.entries(storeId, { businessDate, currency, ...stretch }, from);
      setTotal(page.total);
      setEntries((known) => (from === null ? page.entries : [...known, ...page.entries]));
      setCursor(page.nextCursor);
      setError(undefined);
    } catch (cause) {
      setError(cause as Error);
    } finally {
      setBusy(false);
    }
  }

  onMount(() => {
    dialog?.showModal();
    // Escape does the same for the keyboard.
    dialog?.addEventListener("click", closeOnBackdrop);
    void read(null);
  });

  function closeOnBackdrop(event: MouseEvent): void {
    if (event.target === dialog) dialog?.close();
  }

  return (
    <dialog
      class="drill"
      ref={dialog}
      aria-labelledby="drill-title"
      onClose={() => props.onClose()}
    >
      <div class="drill-panel">
        <header class="drill-head">
          <h2 id="drill-title">{title()}</h2>
          <button class="button button-quiet" type="button" onClick={() => dialog?.close()}>
            {text("drill.close")}
          </button>
        </header>
        <Show when={error()}>
          {(fault) => <ProblemNote error={fault()} retry={() => void read(null)} />}
        </Show>
        <Show when={total()}>
          {(sum) => (
            <DrillProof
              total={sum()}
              shown={shown()}
              currency={props.picture.currency}
              isBusy={isBusy()}
              onRefresh={() => void read(null)}
            />
          )}
        </Show>
        <ol class="drill-list" aria-busy={isBusy()}>
          {/* Rows are kept by their order, so that one that is unfolded stays so when more are read. */}
          <For each={keys()}>
            {(key) => (
              <Show when={bills().get(key)}>
                {(bill) => <DrillEntry bill={bill()} timeZone={props.picture.timeZone} />}
              </Show>
            )}
          </For>
        </ol>
        <Show when={total()?.entries === 0}>
          <p class="muted">{text("drill.empty")}</p>
        </Show>
        <Show when={cursor()}>
          {(from) => (
            <footer class="drill-more">
              <button
                class="button"
                type="button"
                disabled={isBusy()}
                onClick={() => void read(from())}
              >
                {text("drill.more")}
              </button>
              <span class="muted">
                {text("drill.shown", {
                  shown: String(entries().length),
                  count: String(total()?.entries ?? 0),
                })}
              </span>
            </footer>
          )}
        </Show>
      </div>
    </dialog>
  );
}
