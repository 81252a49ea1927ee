import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { HttpServer } from "@tillcast/core";
import { Problem } from "@tillcast/schemas";
import { jsonSchemaTransform } from "fastify-type-provider-zod";
import { z } from "zod";

const about = `Sales as they happen, against a forecast, every number proved down to the bill.

Money is a whole number of minor units of its currency, as text. Instants are ISO 8601 in UTC. Errors are
problem details (RFC 9457) with a \`code\` and, where an input is at fault, its \`field\`. Authenticate
with \`Authorization: Bearer KEY\`; the web app uses a session cookie.`;

/** The document's problem schema; not a serializer, since errors are written by the error handler. */
const problem = {
  description: "What went wrong.",
  content: {
    "application/problem+json": { schema: z.toJSONSchema(Problem, { io: "output" }) },
  },
};

/**
 * Collects every route that is registered after this call into an OpenAPI 3.1 document at
 * `/openapi.json`, with pages to read it at `/docs`. Call it before any route is registered.
 */
export async function registerApiDocs(app: HttpServer): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Tillcast", version: "1", description: about },
      servers: [{ url: "/" }],
      components: {
        securitySchemes: {
          apiKey: { type: "http", scheme: "bearer", description: "An API key, `tck_...`." },
          session: { type: "apiKey", in: "cookie", name: "tillcast_session" },
        },
      },
      security: [{ apiKey: [] }, { session: [] }],
    },
    hideUntagged: false,
    transform: (document) => {
      const { schema, url } = jsonSchemaTransform(document);
      if (!url.startsWith("/v1/")) return { schema: { ...schema, hide: true }, url };
      const responses = (schema.response ?? {}) as Record<string, unknown>;
      const isPublic = document.route.config?.access === "public";
      return {
        schema: {
          ...schema,
          ...(isPublic ? { security: [] } : {}),
          response: { ...responses, default: problem },
        },
        url,
      };
    },
  });
  await app.register(swaggerUi, { routePrefix: "/docs", staticCSP: false, logLevel: "silent" });
  app.get("/openapi.json", { schema: { hide: true } }, async () => app.swagger());
}
