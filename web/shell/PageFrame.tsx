import { ErrorBoundary, type JSX, Match, onMount, Suspense, Switch } from "solid-js";
import { text } from "../i18n/text.ts";
import { Loading } from "./Loading.tsx";
import { codeState } from "./lost-code.ts";
import { ProblemNote } from "./ProblemNote.tsx";

/** The place of a page: while its code is on its way, and when it fails, something is said there. */
export function PageFrame(props: { readonly children: JSX.Element }): JSX.Element {
  return (
    <ErrorBoundary fallback={(error: Error, retry) => <PageFault error={error} retry={retry} />}>
      <Suspense fallback={<OnItsWay />}>{props.children}</Suspense>
    </ErrorBoundary>
  );
}

function OnItsWay(): JSX.Element {
  return (
    <Switch fallback={<Loading />}>
      <Match when={codeState() === "waiting"}>
        <div class="notice" role="status">
          <p class="notice-title">{text("page.waiting")}</p>
        </div>
      </Match>
      <Match when={codeState() === "updated"}>
        <div class="notice" role="status">
          <p class="notice-title">{text("page.updated")}</p>
          <button class="button" type="button" onClick={() => location.reload()}>
            {text("page.reload")}
          </button>
        </div>
      </Match>
    </Switch>
  );
}

/** A fault that was not foreseen: it is left in the console, and the page can be drawn anew. */
function PageFault(props: { readonly error: Error; readonly retry: () => void }): JSX.Element {
  onMount(() => console.error(props.error));
  return <ProblemNote error={props.error} retry={() => props.retry()} />;
}
