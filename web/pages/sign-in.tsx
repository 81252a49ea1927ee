import { lazyPage } from "../shell/lazy-page.ts";
import type { PageRoute } from "../shell/routes.ts";

export const route: PageRoute = {
  path: "/sign-in",
  access: "public",
  component: lazyPage(async () => (await import("../sign-in/SignIn.tsx")).SignIn),
};
