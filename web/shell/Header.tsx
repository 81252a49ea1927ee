import { A, useNavigate } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { text } from "../i18n/text.ts";
import { createDeviceOnline } from "../live/create-device-online.ts";
import { createConnection, useLiveClient } from "../live/create-live.ts";
import { cutOf } from "../live/heard.ts";
import { forgetMe, me } from "../session/session.ts";
import { AccountMenu } from "./AccountMenu.tsx";
import { JobsStrip } from "./JobsStrip.tsx";

/** The bar on top of every page: where one is, the line to Tillcast, who is signed in, what is running. */
export function Header(): JSX.Element {
  const client = useLiveClient();
  const connection = createConnection(client);
  const isDeviceOnline = createDeviceOnline();
  const navigate = useNavigate();
  /** Why nothing comes in, once that is sure. */
  const cut = () => {
    const why = cutOf({ state: connection(), isDeviceOnline: isDeviceOnline() });
    return why === "waiting" ? undefined : why;
  };
  const word = () => {
    const state = connection();
    if (state === "offline" || state === "refused") return cut() ?? "unreachable";
    return state;
  };
  client.onUnauthenticated(() => {
    forgetMe();
    navigate("/sign-in");
  });
  return (
    <header class="header">
      <div class="header-bar">
        <A class="brand" href="/stores">
          <img src="/favicon.svg" alt="" width="28" height="28" />
          <span class="brand-name">{text("app.name")}</span>
        </A>
        <Show when={me()?.isDemo}>
          <span class="sample" title={text("app.sampleWhy")}>
            {text("app.sample")}
          </span>
        </Show>
        <nav class="header-nav">
          <A href="/stores" end activeClass="is-here">
            {text("app.stores")}
          </A>
        </nav>
        <span class="connection" data-state={connection()} role="status">
          <span class="connection-dot" aria-hidden="true" />
          <span class="connection-word">{text(`connection.${word()}`)}</span>
        </span>
        <AccountMenu />
      </div>
      <Show when={connection() !== "live" && cut()}>
        {(why) => <p class="offline-note">{text(`connection.${why()}Note`)}</p>}
      </Show>
      <JobsStrip client={client} />
    </header>
  );
}
