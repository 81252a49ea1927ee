import cookie from "@fastify/cookie";
import {
  actorOf,
  browserCookieName,
  browserLifeMs,
  type SessionTerms,
  type SignedIn,
  sessionCookieName,
  signIn,
  signInByLink,
  signOut,
} from "@tillcast/accounts";
import type { HttpServer } from "@tillcast/core/http";
import { DAY_MS, HOUR_MS, RedeemLink, SignIn } from "@tillcast/schemas";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { GatewayDeps } from "../deps.ts";
import { originOf, strangerIn } from "../http/request-actor.ts";

/** Signing in and out. */
export default async function sessionRoutes(app: HttpServer, deps: GatewayDeps): Promise<void> {
  const { clock, settings } = deps;
  const { service } = deps.database;
  await app.register(cookie);

  app.post(
    "/v1/session",
    {
      config: { access: "public", limit: "sign-in", audit: "signed in" },
      schema: {
        tags: ["session"],
        summary: "Sign in with email and password",
        body: SignIn,
        response: { 204: z.void() },
      },
    },
    async (request, reply) => {
      const by = strangerIn(request, clock);
      return signedIn(request, reply, await signIn(service, by, request.body, termsOf(request)));
    },
  );

  app.post(
    "/v1/session/link",
    {
      config: { access: "public", limit: "sign-in", audit: "link used" },
      schema: {
        tags: ["session"],
        summary: "Redeem a sign-in link",
        description: "A link works once. With a password, that becomes the password from now on.",
        body: RedeemLink,
        response: { 204: z.void() },
      },
    },
    async (request, reply) => {
      const by = strangerIn(request, clock);
      const opened = await signInByLink(service, by, request.body, termsOf(request));
      return signedIn(request, reply, opened);
    },
  );

  app.delete(
    "/v1/session",
    {
      config: { access: "public", limit: "sign-in", audit: "signed out" },
      schema: { tags: ["session"], summary: "Sign out", response: { 204: z.void() } },
    },
    async (request, reply) => {
      const principal = await deps.authenticate(request);
      if (principal?.sessionId !== undefined) {
        const by = actorOf(principal, originOf(request, clock));
        await signOut(service, by, principal.sessionId);
        deps.live.endSession(principal.sessionId);
      }
      for (const isSecure of [true, false]) {
        const options = { ...cookieOptions(request), secure: isSecure };
        reply.clearCookie(sessionCookieName(isSecure), options);
      }
      return reply.code(204).send();
    },
  );

  function termsOf(request: FastifyRequest): SessionTerms {
    return {
      lifeMs: settings.TILLCAST_SESSION_DAYS * DAY_MS,
      idleLimitMs: settings.TILLCAST_SESSION_IDLE_HOURS * HOUR_MS,
      browser: request.headers["user-agent"],
      browserToken: request.cookies[browserCookieName],
      freeTries: settings.TILLCAST_SIGN_IN_TRIES,
    };
  }

  function signedIn(
    request: FastifyRequest,
    reply: FastifyReply,
    { token, browserToken }: SignedIn,
  ): FastifyReply {
    const options = cookieOptions(request);
    const maxAge = (settings.TILLCAST_SESSION_DAYS * DAY_MS) / 1000;
    reply.setCookie(sessionCookieName(options.secure), token, { ...options, maxAge });
    reply.setCookie(browserCookieName, browserToken, { ...options, maxAge: browserLifeMs / 1000 });
    return reply.header("cache-control", "no-store").code(204).send();
  }
}

const cookieOptions = (request: FastifyRequest) =>
  ({
    path: "/",
    httpOnly: true,
    sameSite: "strict",
    secure: request.protocol === "https",
  }) as const;
