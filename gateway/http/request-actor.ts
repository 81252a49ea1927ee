import { actorOf, type Origin, principalOf, strangerFrom } from "@tillcast/accounts";
import type { Actor, Clock } from "@tillcast/core";
import type { FastifyRequest } from "fastify";

declare module "fastify" {
  interface FastifyContextConfig {
    /** What the audit calls the change that the route makes; every route that changes something has it. */
    audit?: string;
  }
}

/** Who makes a guarded request, for the use case that changes something and writes it down. */
export const actorIn = (request: FastifyRequest, clock: Clock): Actor =>
  actorOf(principalOf(request), originOf(request, clock));

/** Somebody who asks to be let in. */
export const strangerIn = (request: FastifyRequest, clock: Clock): Actor =>
  strangerFrom(originOf(request, clock));

/** From where a request comes, and when. */
export const originOf = (request: FastifyRequest, clock: Clock): Origin => ({
  address: request.ip,
  requestId: request.id,
  at: clock.now(),
});
