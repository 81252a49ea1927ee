import { isUtf8 } from "node:buffer";
import { cutText } from "@tillcast/schemas";
import type { FastifyInstance } from "fastify";
import { appError } from "../errors.ts";

/**
 * Parses JSON bodies as the framework does (keys such as `__proto__` are refused), and says where a body
 * stops being JSON. A body that is not UTF-8 is refused: decoded anyway, each unreadable letter would
 * become the same replacement character, and two bills whose numbers differ in it would become one.
 */
export function readJsonBodies(
  app: Pick<
    FastifyInstance,
    "addContentTypeParser" | "getDefaultJsonParser" | "removeContentTypeParser"
  >,
): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
    const bytes = body as Buffer;
    const contentType = request.headers["content-type"] ?? "";
    if (!isUtf8Named(contentType)) {
      done(
        appError("unsupportedMediaType", {
          contentType: cutText(contentType),
          reason: "bodies are UTF-8",
        }),
      );
      return;
    }
    if (!isUtf8(bytes)) {
      done(appError("badRequest", { reason: notUtf8(bytes) }));
      return;
    }
    const text = bytes.toString();
    void parse(request, text, (error, value) => {
      if (error === null || text.trim() === "") done(error, value);
      else done(appError("badRequest", { reason: reasonOf(text) }, { cause: error }));
    });
  });
}

/** Whether a content type leaves the charset out, as JSON does, or says UTF-8. */
function isUtf8Named(contentType: string): boolean {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(contentType)?.[1];
  return charset === undefined || /^utf-?8$/i.test(charset);
}

const replacement = "\uFFFD";
const replacementBytes = Buffer.from(replacement);

function notUtf8(bytes: Buffer): string {
  const text = bytes.toString();
  let at = text.indexOf(replacement);
  let position = Buffer.byteLength(text.slice(0, at));
  // A replacement character that the sender wrote itself is text.
  while (at >= 0 && bytes.subarray(position, position + 3).equals(replacementBytes)) {
    const next = text.indexOf(replacement, at + 1);
    position += Buffer.byteLength(text.slice(at, next));
    at = next;
  }
  return `the body is not UTF-8 text: the byte at position ${position} begins no character; send it as UTF-8`;
}

function reasonOf(text: string): string {
  try {
    JSON.parse(text);
    return "the body has a key that would change an object's prototype";
  } catch (syntaxError) {
    return `the body is not valid JSON: ${(syntaxError as Error).message}`;
  }
}
