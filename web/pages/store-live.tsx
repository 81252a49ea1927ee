import { lazy } from "solid-js";
import type { PageRoute } from "../shell/routes.ts";

export const route: PageRoute = {
  path: "/stores/:storeId",
  access: "signedIn",
  component: lazy(async () => ({
    default: (await import("../store-live/StoreLive.tsx")).StoreLive,
  })),
};
