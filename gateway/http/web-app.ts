import { statSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import { appError } from "@tillcast/core";
import type { HttpServer } from "@tillcast/core/http";
import { cutText } from "@tillcast/schemas";
import type { FastifyReply, FastifyRequest } from "fastify";

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Tillcast</title>
<h1>The web app is not built yet</h1>
<p>Run <code>npm run build</code> in the project's folder, then reload this page. The API is at work:
see <a href="/docs">/docs</a>.</p>
`;

/** Files whose name carries a hash of their content never change. */
const isHashed = (path: string): boolean => path.startsWith("assets/");

/**
 * Serves the built web app: a file where there is one, and its page for every other address that a
 * person may open, since the app finds its own way from there. Addresses of the API are not pages.
 */
export async function serveWebApp(app: HttpServer, webDist: string | undefined): Promise<void> {
  const isBuilt = webDist !== undefined && isFile(webDist, "index.html");
  if (isBuilt) {
    await app.register(fastifyStatic, { root: webDist, serve: false, cacheControl: false });
  }
  const config = { access: "public", limit: "page" } as const;
  app.get("/*", { config, schema: { hide: true } }, (request, reply) => {
    const path = (request.params as { "*": string })["*"];
    if (isBuilt && isFile(webDist, path)) {
      const caching = isHashed(path) ? "public, max-age=31536000, immutable" : "no-cache";
      return reply.header("cache-control", caching).sendFile(path);
    }
    if (isForPrograms(path) || !acceptsHtml(request)) {
      throw appError("notFound", { what: `route GET ${cutText(`/${path}`)}` });
    }
    reply.header("cache-control", "no-cache");
    return isBuilt ? reply.sendFile("index.html") : answerNotBuilt(reply);
  });
}

/** Names of files end at 255 bytes; ours are far shorter. */
const pathMaxLength = 200;

/** Under these addresses no person looks for a page: a program asks, or a page for a part of it. */
const isForPrograms = (path: string): boolean => /^(v1|docs|socket\.io|assets)(\/|$)/.test(path);

/** Climbing out of the folder finds nothing, here as in the server of files; nor does what no name can be. */
function isFile(folder: string, path: string): boolean {
  if (path.includes("..") || path.includes("\0") || path.length > pathMaxLength) return false;
  return statSync(join(folder, path), { throwIfNoEntry: false })?.isFile() === true;
}

const acceptsHtml = (request: FastifyRequest): boolean =>
  /text\/html|\*\/\*/.test(request.headers.accept ?? "*/*");

function answerNotBuilt(reply: FastifyReply): FastifyReply {
  return reply.code(503).type("text/html; charset=utf-8").send(notBuilt);
}
