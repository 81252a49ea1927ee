import rateLimit from "@fastify/rate-limit";
import { appError } from "@tillcast/core";
import type { HttpServer } from "@tillcast/core/http";
import type { FastifyRequest } from "fastify";

/** Counts attempts to sign in, and refuses further ones. */
export type CountAttempt = (request: FastifyRequest, email: string | undefined) => Promise<void>;

/** Addresses and emails whose attempts are remembered at once. */
const rememberedMax = 10_000;

/**
 * Makes a counter of attempts per address, and per email, since one email may be tried from many
 * addresses. Counts are of this process.
 */
export async function makeSignInLimit(app: HttpServer, perMinute: number): Promise<CountAttempt> {
  await app.register(rateLimit, { global: false, cache: rememberedMax });
  const emails = new WeakMap<FastifyRequest, string>();
  const byAddress = app.createRateLimit({ max: perMinute, timeWindow: "1 minute" });
  const byEmail = app.createRateLimit({
    max: Math.max(3, Math.ceil(perMinute / 3)),
    timeWindow: "1 minute",
    keyGenerator: (request) => `email ${emails.get(request) ?? ""}`,
  });
  return async (request, email) => {
    const counts = [await byAddress(request)];
    if (email !== undefined) {
      emails.set(request, email.trim().toLowerCase());
      counts.push(await byEmail(request));
    }
    for (const count of counts) {
      if (count.isAllowed || !count.isExceeded) continue;
      throw appError("tooManyRequests", {
        limit: `${count.max} attempts to sign in a minute`,
        retryAfterSeconds: count.ttlInSeconds,
      });
    }
  };
}
