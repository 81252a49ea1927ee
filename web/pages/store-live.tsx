import { lazyPage } from "../shell/lazy-page.ts";
import type { PageRoute } from "../shell/routes.ts";

export const route: PageRoute = {
  path: "/stores/:storeId",
  access: "signedIn",
  component: lazyPage(async () => (await import("../store-live/StoreLive.tsx")).StoreLive),
};
