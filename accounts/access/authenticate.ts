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
  /** The caller's address, by which failures are counted. */
  readonly ip?: string;
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
  const { database, clock } = deps;
  return async ({ headers }) => {
    const shown = shownCredential(headers);
    if (shown === undefined) return undefined;
    return shown.kind === "key"
      ? findApiKey(database.service, shown.text)
      : findSession(database.service, shown.text, clock.now());
  };
}

/** The key, or without any `Authorization` the session's token, that a request shows. */
export function shownCredential(
  headers: Credentials["headers"],
): { readonly kind: "key" | "session"; readonly text: string } | undefined {
  if (headers.authorization !== undefined) {
    const [, text] = /^Bearer +(\S+)$/i.exec(headers.authorization) ?? [];
    return text === undefined ? undefined : { kind: "key", text };
  }
  const text = sessionTokenOf(headers.cookie);
  return text === undefined ? undefined : { kind: "session", text };
}

/** The session's token out of a `Cookie` header; of two, the one that only this host can have set. */
function sessionTokenOf(cookie: string | undefined): string | undefined {
  const pairs = cookie?.split(";").map((part) => part.trim()) ?? [];
  for (const name of [sessionCookieName(true), sessionCookieName(false)]) {
    const pair = pairs.find((part) => part.startsWith(`${name}=`));
    if (pair !== undefined) return pair.slice(name.length + 1);
  }
  return undefined;
}
