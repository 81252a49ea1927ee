import { createHash } from "node:crypto";
import type { HttpServer } from "@tillcast/core/http";

/**
 * Answers 304 where the client has the same answer already. The tag is weak, because the bytes on the
 * wire depend on the compression. Answers are private, and are asked for again each time.
 */
export function answerNotModified(scope: HttpServer): void {
  scope.addHook("onSend", async (request, reply, payload) => {
    if (request.method !== "GET" || reply.statusCode !== 200 || typeof payload !== "string") {
      return payload;
    }
    const tag = `W/"${createHash("sha1").update(payload).digest("base64url")}"`;
    reply.header("etag", tag);
    if (!reply.hasHeader("cache-control")) reply.header("cache-control", "private, no-cache");
    if (!isKnown(request.headers["if-none-match"], tag)) return payload;
    reply.code(304).removeHeader("content-length");
    return "";
  });
}

function isKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const strong = tag.slice(2);
  return ifNoneMatch.split(",").some((given) => given.trim().replace(/^W\//, "") === strong);
}
