import { cutText } from "@tillcast/schemas";
import type { FastifyRequest } from "fastify";
import { type AppError, appError } from "../errors.ts";
import type { GuardedRoute } from "./guard-routes.ts";

/**
 * What is wrong with a request that no route takes: the address is unknown, or known with other methods.
 * The web app's pages answer any address, which therefore says nothing of methods.
 */
export function absentRoute(
  request: Pick<FastifyRequest, "method" | "url">,
  routes: readonly GuardedRoute[],
): { readonly error: AppError; readonly allowed: readonly string[] } {
  const [path = ""] = request.url.split("?");
  const named = routes.filter(({ url }) => url !== "/*" && matches(url, path));
  const allowed = [...new Set(named.flatMap(({ method }) => method))].sort();
  const { method } = request;
  const error =
    allowed.length === 0
      ? appError("notFound", { what: `route ${method} ${cutText(path)}` })
      : appError("methodNotAllowed", {
          method,
          path: cutText(path),
          allowed: allowed.join(", "),
        });
  return { error, allowed };
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split("/");
  const given = path.split("/");
  return (
    wanted.length === given.length &&
    wanted.every((part, at) =>
      part.startsWith(":") ? (given[at] ?? "") !== "" : part === given[at],
    )
  );
}
