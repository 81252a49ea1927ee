import type { AccessWatch, Authenticate } from "@tillcast/accounts";
import type { Health, Scope } from "@tillcast/core";
import type { HttpServer } from "@tillcast/core/http";
import type { Ingest } from "@tillcast/ingest";
import type { Installation } from "../installation.ts";

/** What the services of one process share, besides the installation. */
export interface Ground extends Installation {
  /** Not yet listening. */
  readonly http: HttpServer;
  readonly health: Health;
  readonly authenticate: Authenticate;
  /** Absent where nobody is answered. */
  readonly access?: AccessWatch;
}

/** What a service gives to whoever composes the process. */
export interface Given {
  readonly ingest?: Ingest;
}

/** A file of this folder: starts one service; the scope stops it. */
export type StartService = (scope: Scope, ground: Ground) => Promise<Given>;
