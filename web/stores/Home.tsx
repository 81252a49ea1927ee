import { Navigate } from "@solidjs/router";
import { type JSX, Match, Switch } from "solid-js";
import { api } from "../api/api.ts";
import { lastStore } from "../session/preferences.ts";
import { createQuery } from "../shell/create-query.ts";
import { Loading } from "../shell/Loading.tsx";
import { ProblemNote } from "../shell/ProblemNote.tsx";

/** Leads to the store that was looked at last, to the only one, or to the list. */
export function Home(): JSX.Element {
  const overview = createQuery(api.overview);
  const target = () => {
    const stores = overview.data()?.stores;
    if (stores === undefined) return undefined;
    const last = stores.find(({ storeId }) => storeId === lastStore.read());
    const only = stores.length === 1 ? stores[0] : undefined;
    const store = last ?? only;
    return store === undefined ? "/stores" : `/stores/${store.storeId}`;
  };
  return (
    <Switch fallback={<Loading />}>
      <Match when={target()}>{(href) => <Navigate href={href()} />}</Match>
      <Match when={overview.error()}>
        {(error) => <ProblemNote error={error()} retry={() => void overview.reload()} />}
      </Match>
    </Switch>
  );
}
