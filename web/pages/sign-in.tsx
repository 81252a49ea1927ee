import { lazy } from "solid-js";
import type { PageRoute } from "../shell/routes.ts";

export const route: PageRoute = {
  path: "/sign-in",
  access: "public",
  component: lazy(async () => ({ default: (await import("../sign-in/SignIn.tsx")).SignIn })),
};
