import type { Clock } from "@tillcast/core";
import type { Database } from "@tillcast/core/database";
import { findApiKey } from "../keys/api-keys.ts";
import { findSession, sessionCookieName } from "../people/sessions.ts";
import type { Principal } from "./principal.ts";

/** The part of a request, or of a socket's handshake, that says who makes it. */
export interface Credentials {
  readonly headers: {
    readonly authorization?: string | undefined;
    readonly cookie?: string | undefined;
  };
}

/** Finds who makes a request; undefined where nobody can be told. */
export type Authenticate = (request: Credentials) => Promise<Principal | undefined>;

/**
 * Makes the one way in for people and keys: `Authorization: Bearer KEY`, else the session's cookie. A
 * request with a key that is not valid is nobody's, whatever cookie it carries.
 */
export function makeAuthenticate(deps: {
  readonly database: Pick<Database, "service">;
  readonly clock: Clock;
}): Authenticate {
  return async ({ headers }) => {
    if (headers.authorization !== undefined) {
      const [, key] = /^Bearer +(\S+)$/i.exec(headers.authorization) ?? [];
      return key === undefined ? undefined : findApiKey(deps.database.service, key);
    }
    const token = sessionTokenOf(headers.cookie);
    return token === undefined
      ? undefined
      : findSession(deps.database.service, token, deps.clock.now());
  };
}

/** The session's token out of a `Cookie` header. */
export function sessionTokenOf(cookie: string | undefined): string | undefined {
  const prefix = `${sessionCookieName}=`;
  const pair = cookie
    ?.split(";")
    .map((part) => part.trim())
    .find((part) => part.startsWith(prefix));
  return pair?.slice(prefix.length);
}
