import { type Component, lazy } from "solid-js";
import { loadCode } from "./lost-code.ts";
import type { PageRoute } from "./routes.ts";

/** A page whose code is loaded when it is first wanted, and asked for again where the line loses it. */
export function lazyPage(load: () => Promise<Component>): PageRoute["component"] {
  return lazy(async () => ({ default: await loadCode(load) }));
}
