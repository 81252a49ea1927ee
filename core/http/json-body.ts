import type { FastifyInstance } from "fastify";
import { appError } from "../errors.ts";

/**
 * Parses JSON bodies as the framework does (keys such as `__proto__` are refused), and says where a
 * body stops being JSON.
 */
export function readJsonBodies(
  app: Pick<
    FastifyInstance,
    "addContentTypeParser" | "getDefaultJsonParser" | "removeContentTypeParser"
  >,
): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, text, done) => {
    void parse(request, text as string, (error, value) => {
      if (error === null || (text as string).trim() === "") done(error, value);
      else done(appError("badRequest", { reason: reasonOf(text as string) }, { cause: error }));
    });
  });
}

function reasonOf(text: string): string {
  try {
    JSON.parse(text);
    return "the body has a key that would change an object's prototype";
  } catch (syntaxError) {
    return `the body is not valid JSON: ${(syntaxError as Error).message}`;
  }
}
