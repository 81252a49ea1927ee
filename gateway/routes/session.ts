import cookie from "@fastify/cookie";
import {
  createSession,
  endSession,
  hashPassword,
  hashToken,
  sessionCookieName,
  verifyPassword,
} from "@tillcast/accounts";
import { appError } from "@tillcast/core";
import { inTransaction } from "@tillcast/core/database";
import type { HttpServer } from "@tillcast/core/http";
import { DAY_MS, RedeemLink, SignIn } from "@tillcast/schemas";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { GatewayDeps } from "../deps.ts";
import { makeSignInLimit } from "../http/sign-in-limit.ts";
import { findUserByEmail, setPassword, useSignInLink } from "../queries/sign-in.ts";

/** The same for an email that nobody has and for a wrong password, so that neither tells the other. */
const refused = "the email or the password is wrong";

/** Signing in and out. */
export default async function sessionRoutes(app: HttpServer, deps: GatewayDeps): Promise<void> {
  const { database, clock, settings } = deps;
  await app.register(cookie);
  const countAttempt = await makeSignInLimit(app, settings.TILLCAST_SIGN_IN_PER_MINUTE);

  app.post(
    "/v1/session",
    {
      config: { access: "public", limit: "sign-in" },
      schema: {
        tags: ["session"],
        summary: "Sign in with email and password",
        body: SignIn,
        response: { 204: z.void() },
      },
    },
    async (request, reply) => {
      const { email, password } = request.body;
      await countAttempt(request, email);
      const user = await findUserByEmail(database.service, email);
      const isRight = await verifyPassword(user?.password_hash, password);
      if (user === undefined || !isRight) throw appError("unauthenticated", { reason: refused });
      const token = await openSession(user);
      return signedIn(request, reply, token);
    },
  );

  app.post(
    "/v1/session/link",
    {
      config: { access: "public", limit: "sign-in" },
      schema: {
        tags: ["session"],
        summary: "Redeem a sign-in link",
        description: "A link works once. With a password, that becomes the password from now on.",
        body: RedeemLink,
        response: { 204: z.void() },
      },
    },
    async (request, reply) => {
      const { token: linkToken, password } = request.body;
      await countAttempt(request, undefined);
      // Hashing takes long; the transaction does not wait for it.
      const passwordHash = password === undefined ? undefined : await hashPassword(password);
      const token = await inTransaction(database.service, async (tx) => {
        const user = await useSignInLink(tx, hashToken(linkToken), clock.now());
        if (user === undefined) {
          throw appError("unauthenticated", { reason: "the link is unknown, used or expired" });
        }
        if (passwordHash !== undefined) await setPassword(tx, user.user_id, passwordHash);
        return openSession(user, tx);
      });
      return signedIn(request, reply, token);
    },
  );

  app.delete(
    "/v1/session",
    {
      config: { access: "public", limit: "sign-in" },
      schema: { tags: ["session"], summary: "Sign out", response: { 204: z.void() } },
    },
    async (request, reply) => {
      const principal = await deps.authenticate(request);
      if (principal?.sessionId !== undefined) {
        await endSession(database.service, principal.sessionId);
        deps.live.endSession(principal.sessionId);
      }
      for (const isSecure of [true, false]) {
        const options = { ...cookieOptions(request), secure: isSecure };
        reply.clearCookie(sessionCookieName(isSecure), options);
      }
      return reply.code(204).send();
    },
  );

  async function openSession(
    user: { readonly user_id: string; readonly tenant_id: string },
    db: Parameters<typeof createSession>[0] = database.service,
  ): Promise<string> {
    const createdAt = clock.now();
    const { token } = await createSession(db, {
      userId: user.user_id,
      tenantId: user.tenant_id,
      createdAt,
      expiresAt: createdAt + settings.TILLCAST_SESSION_DAYS * DAY_MS,
    });
    return token;
  }

  function signedIn(request: FastifyRequest, reply: FastifyReply, token: string): FastifyReply {
    const maxAge = (settings.TILLCAST_SESSION_DAYS * DAY_MS) / 1000;
    const options = cookieOptions(request);
    reply.setCookie(sessionCookieName(options.secure), token, { ...options, maxAge });
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
