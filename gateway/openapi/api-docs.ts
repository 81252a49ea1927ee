import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { HttpServer } from "@tillcast/core/http";
import { Problem } from "@tillcast/schemas";
import { jsonSchemaTransform } from "fastify-type-provider-zod";
import { z } from "zod";

const about = `Sales as they happen, against a forecast, every number proved down to the bill.

Money is a whole number of minor units of its currency, as text. Instants are ISO 8601. Errors are problem
details (RFC 9457) with a \`code\` and, where an input is at fault, its \`field\`. Authenticate with
\`Authorization: Bearer KEY\`; the web app uses a session cookie.`;

/** What every operation may answer; documented once, since errors are written by the error handler. */
const problemResponse = {
  description: "What went wrong.",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

/** The part of an OpenAPI document that is changed here. */
interface ApiDocument {
  paths?: Record<string, Record<string, { responses?: Record<string, unknown> }>>;
  components?: Record<string, unknown>;
}

/**
 * Collects every route that is registered after this call into an OpenAPI 3.1 document at
 * `/openapi.json`, with pages to read it at `/docs`. Call it before any route is registered; calling it
 * twice changes nothing.
 */
export async function registerApiDocs(app: HttpServer): Promise<void> {
  if (app.hasDecorator("swagger")) return;
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
    transform: (document) => {
      const { schema, url } = jsonSchemaTransform(document);
      const isPublic = document.route.config?.access === "public";
      return { schema: isPublic ? { ...schema, security: [] } : schema, url };
    },
    transformObject: (document) => {
      if (!("openapiObject" in document)) throw new Error("the document is not OpenAPI 3");
      return withProblems(document.openapiObject as ApiDocument) as typeof document.openapiObject;
    },
  });
  await app.register(async (scope) => {
    // Its routes are the plugin's own, so that what guards them is said here.
    scope.addHook("onRoute", (route) => {
      route.config = { ...route.config, access: "public", limit: "page" };
    });
    await scope.register(swaggerUi, {
      routePrefix: "/docs",
      staticCSP: false,
      logLevel: "silent",
    });
  });
  const config = { access: "public", limit: "page" } as const;
  app.get("/openapi.json", { config, schema: { hide: true } }, async () => app.swagger());
}

function withProblems(document: ApiDocument): ApiDocument {
  for (const operation of Object.values(document.paths ?? {}).flatMap(Object.values)) {
    const responses: Record<string, unknown> = {
      ...operation.responses,
      default: { $ref: "#/components/responses/Problem" },
    };
    if ("204" in responses) responses["204"] = { description: "Done; there is nothing to say." };
    operation.responses = responses;
  }
  return {
    ...document,
    components: {
      ...document.components,
      // As input, so that the document allows the members that a problem has beside these.
      schemas: { Problem: schemaOf(Problem) },
      responses: { Problem: problemResponse },
    },
  };
}

function schemaOf(zodSchema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(zodSchema, { io: "input" });
  return schema;
}
