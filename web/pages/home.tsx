import { lazy } from "solid-js";
import type { PageRoute } from "../shell/routes.ts";

export const route: PageRoute = {
  path: "/",
  access: "signedIn",
  component: lazy(async () => ({ default: (await import("../stores/Home.tsx")).Home })),
};
