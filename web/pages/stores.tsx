import { lazyPage } from "../shell/lazy-page.ts";
import type { PageRoute } from "../shell/routes.ts";

export const route: PageRoute = {
  path: "/stores",
  access: "signedIn",
  component: lazyPage(async () => (await import("../stores/Stores.tsx")).Stores),
};
