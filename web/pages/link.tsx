import { lazy } from "solid-js";
import type { PageRoute } from "../shell/routes.ts";

export const route: PageRoute = {
  path: "/link",
  access: "public",
  component: lazy(async () => ({
    default: (await import("../sign-in/RedeemLink.tsx")).RedeemLink,
  })),
};
