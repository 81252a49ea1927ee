import type { JSX } from "solid-js";
import { text } from "../i18n/text.ts";

/** The frame of the pages that are seen before signing in. */
export function EntryCard(props: {
  readonly title: string;
  readonly lead: string;
  readonly children: JSX.Element;
}): JSX.Element {
  return (
    <main class="entry">
      <div class="entry-card">
        <p class="entry-brand">
          <img src="/favicon.svg" alt="" width="40" height="40" />
          {text("app.name")}
        </p>
        <h1>{props.title}</h1>
        <p class="muted">{props.lead}</p>
        {props.children}
      </div>
    </main>
  );
}
