import { isUtf8 } from "node:buffer";
import { cutText } from "@tillcast/schemas";
import { appError } from "../errors.ts";
import { duplicateKey } from "./duplicate-keys.ts";
import type { HttpServer } from "./http-server.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** True where the body's bytes are wanted as they came, for a signature over them. */
    rawBody?: boolean;
  }
  interface FastifyRequest {
    /** The body as it came, on routes that ask for it. */
    rawBody: Buffer | undefined;
  }
}

/**
 * Parses JSON bodies as the framework does (keys such as `__proto__` are refused), and says where a body
 * stops being JSON. A body that is not UTF-8 is refused: decoded anyway, each unreadable letter would
 * become the same replacement character, and two bills whose numbers differ in it would become one. So is one that says a key twice.
 */
export function readJsonBodies(app: HttpServer): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.decorateRequest("rawBody", undefined);
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
    const bytes = body as Buffer;
    if (request.routeOptions.config.rawBody === true) request.rawBody = bytes;
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
      if (error === null) takeUnique(bytes, value, done);
      else if (text.trim() === "") done(error);
      else done(appError("badRequest", { reason: reasonOf(text) }, { cause: error }));
    });
  });
}

/** Of two values under one key, a parser keeps either: what was meant is not known. */
function takeUnique(
  bytes: Buffer,
  value: unknown,
  done: (error: Error | null, value?: unknown) => void,
): void {
  const twice = duplicateKey(bytes, value);
  if (twice === undefined) done(null, value);
  else {
    const key = cutText(twice);
    done(appError("badRequest", { key, reason: `the key ${JSON.stringify(key)} is given twice` }));
  }
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
