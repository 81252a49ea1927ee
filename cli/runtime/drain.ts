import type { Health } from "@tillcast/core";
import type { HttpServer } from "@tillcast/core/http";

/** Leaving the service of a load balancer without failing a request. */
export interface Drain {
  /**
   * Says "not ready" from now on and closes each kept connection with its next answer, so that callers
   * look elsewhere; everything that still arrives is answered. Resolves after that much time.
   */
  begin(durationMs: number): Promise<void>;
}

/** Prepares a server for its drain; call it before any route is registered. */
export function prepareDrain(http: HttpServer, health: Pick<Health, "register">): Drain {
  let isDraining = false;
  health.register("in service", async () => {
    if (isDraining) throw new Error("this process is about to stop");
  });
  http.addHook("onRequest", async (_, reply) => {
    if (isDraining) reply.header("connection", "close");
  });
  return {
    async begin(durationMs) {
      isDraining = true;
      await new Promise((resolve) => setTimeout(resolve, durationMs));
    },
  };
}
