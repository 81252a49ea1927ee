import { A, useNavigate } from "@solidjs/router";
import { createMemo, createSignal, For, type JSX, onMount, Show } from "solid-js";
import { api } from "../api/api.ts";
import { type TextKey, text } from "../i18n/text.ts";
import { createQuery } from "./create-query.ts";
import { ProblemNote } from "./ProblemNote.tsx";

const keys: readonly (readonly [string, TextKey])[] = [
  ["/  Ctrl-K", "keys.find"],
  ["J  K", "keys.step"],
  ["[  ]", "keys.day"],
  ["T", "keys.table"],
  ["X", "keys.week"],
  ["1  2  3", "keys.grain"],
  ["F", "keys.full"],
  ["?", "keys.help"],
];

/** A dialog that finds a store by a part of its name, or lists the shortcuts. */
export function StorePalette(props: {
  readonly what: "stores" | "keys";
  readonly onClose: () => void;
}): JSX.Element {
  let dialog: HTMLDialogElement | undefined;
  onMount(() => dialog?.showModal());
  const title = () => text(props.what === "keys" ? "app.shortcuts" : "keys.find");
  return (
    <dialog class="palette" ref={dialog} aria-label={title()} onClose={() => props.onClose()}>
      <div class="palette-panel">
        <div class="drill-head">
          <h2>{title()}</h2>
          <button class="button button-quiet" type="button" onClick={() => dialog?.close()}>
            {text("drill.close")}
          </button>
        </div>
        <Show when={props.what === "keys"} fallback={<Find onChosen={() => dialog?.close()} />}>
          <dl class="keys">
            <For each={keys}>
              {([key, what]) => (
                <div>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{text(what as "keys.find")}</dd>
                </div>
              )}
            </For>
          </dl>
        </Show>
      </div>
    </dialog>
  );
}

function Find(props: { readonly onChosen: () => void }): JSX.Element {
  const overview = createQuery(api.overview);
  const navigate = useNavigate();
  const [wanted, setWanted] = createSignal("");
  const found = createMemo(() => {
    const part = wanted().trim().toLocaleLowerCase();
    return (overview.data()?.stores ?? [])
      .filter(({ name }) => name.toLocaleLowerCase().includes(part))
      .toSorted((a, b) => a.name.localeCompare(b.name));
  });

  function choose(event: SubmitEvent): void {
    event.preventDefault();
    const [first] = found();
    if (first === undefined) return;
    navigate(`/stores/${first.storeId}`);
    props.onChosen();
  }

  /** Up and down go through the field and the stores found. */
  function move(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const stops = [...event.currentTarget.querySelectorAll<HTMLElement>("input, a")];
    const at = stops.indexOf(document.activeElement as HTMLElement);
    stops[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
  }

  return (
    <form class="find" onSubmit={choose} onKeyDown={move}>
      <label class="field">
        <span class="visually-hidden">{text("keys.find")}</span>
        <input
          type="search"
          autofocus
          autocomplete="off"
          value={wanted()}
          onInput={(event) => setWanted(event.currentTarget.value)}
        />
      </label>
      <Show when={overview.error()}>
        {(error) => <ProblemNote error={error()} retry={() => void overview.reload()} />}
      </Show>
      <ul>
        <For each={found()}>
          {(store) => (
            <li>
              <A href={`/stores/${store.storeId}`} dir="auto" onClick={() => props.onChosen()}>
                {store.name}
              </A>
            </li>
          )}
        </For>
      </ul>
      <Show when={overview.data() !== undefined && found().length === 0}>
        <p class="muted">{text("keys.none")}</p>
      </Show>
    </form>
  );
}
