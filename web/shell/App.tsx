import { Navigate, Route, Router, useLocation } from "@solidjs/router";
import { For, type JSX, lazy, Match, onMount, Show, Suspense, Switch } from "solid-js";
import { text } from "../i18n/text.ts";
import { loadMe, me, seesSales } from "../session/session.ts";
import { createQuery } from "./create-query.ts";
import { Header } from "./Header.tsx";
import { Loading } from "./Loading.tsx";
import { loadCode } from "./lost-code.ts";
import { NotFound } from "./NotFound.tsx";
import { PageFrame } from "./PageFrame.tsx";
import { ProblemNote } from "./ProblemNote.tsx";
import { prefetchPages } from "./prefetch-pages.ts";
import { type PageRoute, routes } from "./routes.ts";

const NoSales = lazy(async () => {
  const code = await loadCode(() => import("./NoSales.tsx"));
  return { default: code.NoSales };
});

/** The whole app: routes of the discovered pages inside one frame. */
export function App(): JSX.Element {
  return (
    <Router root={(props) => <Suspense fallback={<Loading />}>{props.children}</Suspense>}>
      <For each={routes}>{(route) => <Route path={route.path} component={framed(route)} />}</For>
      <Route path="*" component={NotFound} />
    </Router>
  );
}

function framed(route: PageRoute): () => JSX.Element {
  const Page = route.component;
  if (route.access === "public") {
    return () => (
      <PageFrame>
        <Page />
      </PageFrame>
    );
  }
  return () => {
    // The page's code comes while the server is asked who is signed in.
    void Page.preload?.();
    onMount(prefetchPages);
    return (
      <SignedIn>
        <a class="skip" href="#content">
          {text("app.skip")}
        </a>
        <Header />
        <main id="content" tabindex="-1">
          <PageFrame>
            <Show when={seesSales()} fallback={<NoSales />}>
              <Page />
            </Show>
          </PageFrame>
        </main>
      </SignedIn>
    );
  };
}

/** Shows its children to a signed-in user and leads everyone else to the sign-in page. */
function SignedIn(props: { readonly children: JSX.Element }): JSX.Element {
  const location = useLocation();
  const asked = createQuery(() => (me() === undefined ? loadMe() : Promise.resolve(me())));
  const next = () => encodeURIComponent(`${location.pathname}${location.search}`);
  return (
    <Switch fallback={<Loading />}>
      <Match when={me()}>{props.children}</Match>
      <Match when={me() === null}>
        <Navigate href={`/sign-in?next=${next()}`} />
      </Match>
      <Match when={asked.error()}>
        {(error) => <ProblemNote error={error()} retry={() => void asked.reload()} />}
      </Match>
    </Switch>
  );
}
