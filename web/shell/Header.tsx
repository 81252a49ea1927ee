import { A, useNavigate } from "@solidjs/router";
import { type JSX, onCleanup, Show } from "solid-js";
import { text } from "../i18n/text.ts";
import { createDeviceOnline } from "../live/create-device-online.ts";
import { createConnection, useLiveClient } from "../live/create-live.ts";
import { cutOf } from "../live/heard.ts";
import { forgetMe, me, seesSales } from "../session/session.ts";
import { AccountMenu } from "./AccountMenu.tsx";
import { JobsStrip } from "./JobsStrip.tsx";
import { codeState, lookForUpdate } from "./lost-code.ts";
import { StoreSwitcher } from "./StoreSwitcher.tsx";

/** The bar on top of every page: where one is, the line to Tillcast, who is signed in, what is running. */
export function Header(): JSX.Element {
  return (
    <Show when={seesSales()} fallback={<Bar />}>
      <LiveBar />
    </Show>
  );
}

/** The bar of one who sees sales: with the line, and the work that is under way. */
function LiveBar(): JSX.Element {
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
  onCleanup(
    client.onState((state) => {
      if (state === "live") void lookForUpdate();
    }),
  );
  return (
    <Bar
      line={
        <>
          <nav class="header-nav">
            <A href="/stores" end activeClass="is-here">
              {text("app.stores")}
            </A>
          </nav>
          <span class="connection" data-state={connection()} role="status">
            <span class="connection-dot" aria-hidden="true" />
            <span class="connection-word">{text(`connection.${word()}`)}</span>
          </span>
        </>
      }
    >
      <Show when={connection() !== "live" && cut()}>
        {(why) => <p class="offline-note">{text(`connection.${why()}Note`)}</p>}
      </Show>
      <JobsStrip client={client} />
      <StoreSwitcher />
    </Bar>
  );
}

function Bar(props: { readonly line?: JSX.Element; readonly children?: JSX.Element }): JSX.Element {
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
        {props.line}
        <AccountMenu />
      </div>
      <Show when={codeState() === "updated"}>
        <p class="update-note" role="status">
          {text("page.updated")}
          <button class="button button-quiet" type="button" onClick={() => location.reload()}>
            {text("page.reload")}
          </button>
        </p>
      </Show>
      {props.children}
    </header>
  );
}
