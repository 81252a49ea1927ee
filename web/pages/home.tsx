import { lazyPage } from "../shell/lazy-page.ts";
import type { PageRoute } from "../shell/routes.ts";

export const route: PageRoute = {
  path: "/",
  access: "signedIn",
  component: lazyPage(async () => (await import("../stores/Home.tsx")).Home),
};
