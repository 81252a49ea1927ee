import { cutText } from "@tillcast/schemas";
import { appError } from "../errors.ts";
import type { HttpServer } from "./http-server.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** True where addresses are written by others, who may add parameters of their own. */
    anyQuery?: boolean;
  }
}

/**
 * Refuses, on every route that is registered from now on, a query parameter that the route's schema does
 * not name, one that is given twice, and one that is not UTF-8: each would be answered with something else
 * than was asked for. Routes without a schema for the query take none. Pages, which are hidden from the
 * API's document, and routes with `anyQuery` take whatever comes.
 */
export function checkQueryParameters(app: HttpServer): void {
  app.addHook("onRoute", ({ method, url, schema }) => {
    if (schema?.querystring === undefined || shapeOf(schema.querystring) !== undefined) return;
    throw new Error(`route ${String(method)} ${url} does not list its query parameters`);
  });
  app.addHook("preValidation", async (request) => {
    if (request.is404) return;
    const { schema, config } = request.routeOptions;
    if (config.anyQuery === true || schema?.hide === true) return;
    const url = request.raw.url ?? "";
    const query = url.includes("?") ? url.slice(url.indexOf("?") + 1) : "";
    if (query === "") return;
    if (!isDecodable(query)) throw refused("query", "a query parameter is not UTF-8 text");
    const known = Object.keys(shapeOf(schema?.querystring) ?? {});
    for (const [name, value] of Object.entries(request.query as Record<string, unknown>)) {
      const shown = cutText(name);
      if (!known.includes(name)) {
        throw refused(
          `query.${shown}`,
          `the query parameter ${shown} is unknown; ${takenOf(known)}`,
        );
      }
      if (Array.isArray(value)) {
        throw refused(
          `query.${shown}`,
          `the query parameter ${shown} is given ${value.length} times`,
        );
      }
    }
  });
}

const refused = (field: string, reason: string) => appError("badRequest", { field, reason });

const takenOf = (known: readonly string[]): string =>
  known.length === 0 ? "this route takes none" : `this route takes ${known.join(", ")}`;

function shapeOf(schema: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof schema !== "object" || schema === null || !("shape" in schema)) return undefined;
  return schema.shape as Readonly<Record<string, unknown>>;
}

function isDecodable(query: string): boolean {
  try {
    decodeURIComponent(query);
    return true;
  } catch {
    return false;
  }
}
