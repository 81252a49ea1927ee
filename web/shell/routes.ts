import type { Component } from "solid-js";

/** What a file of `pages/` exports as `route`; its component is loaded when it is first visited. */
export interface PageRoute {
  readonly path: string;
  /** Reads the address through the router's hooks, and takes no properties. */
  readonly component: Component & { readonly preload?: () => Promise<unknown> };
  /** Public pages are shown without signing in; all others lead to the sign-in page first. */
  readonly access: "public" | "signedIn";
}

const pages = import.meta.glob<PageRoute>("../pages/*.tsx", { eager: true, import: "route" });

/** Every page, discovered: a new page is a new file. */
export const routes: readonly PageRoute[] = Object.values(pages);
