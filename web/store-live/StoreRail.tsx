import type { JSX } from "solid-js";
export function StoreRail(_props: { readonly storeId: string }): JSX.Element {
  return <></>;
}
