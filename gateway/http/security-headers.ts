import helmet from "@fastify/helmet";
import type { HttpServer } from "@tillcast/core/http";

/** Browsers remember for a year that this host speaks TLS. */
const hstsMaxAgeSeconds = 31_536_000;

/** What no page of ours uses, and so no script of anybody's may. */
const permissionsPolicy = ["camera", "microphone", "geolocation", "payment", "usb", "serial"]
  .map((feature) => `${feature}=()`)
  .join(", ");

/**
 * Sends the headers that keep a page's scripts, styles, frames and connections to this server. Nothing
 * inline runs. HSTS only where the request came by TLS, else a plain installation would lock itself out.
 */
export async function sendSecurityHeaders(app: HttpServer): Promise<void> {
  await app.register(helmet, {
    global: true,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", "data:"],
        fontSrc: ["'self'"],
        // Also the live socket of this server, and of no other.
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        workerSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    frameguard: { action: "deny" },
    strictTransportSecurity: false,
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: "same-origin" },
  });
  app.addHook("onRequest", async (request, reply) => {
    reply.header("permissions-policy", permissionsPolicy);
    if (request.protocol === "https") {
      reply.header("strict-transport-security", `max-age=${hstsMaxAgeSeconds}`);
    }
  });
}
