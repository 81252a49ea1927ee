import { lazyPage } from "../shell/lazy-page.ts";
import type { PageRoute } from "../shell/routes.ts";

export const route: PageRoute = {
  path: "/link",
  access: "public",
  component: lazyPage(async () => (await import("../sign-in/RedeemLink.tsx")).RedeemLink),
};
