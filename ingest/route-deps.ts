import type { Authenticate } from "@tillcast/core";
import type { AcceptDeps } from "./accept/accept-orders.ts";
import type { Admission } from "./accept/admission.ts";
import type { IngestSettings } from "./config.ts";

/** What every route group of the intake gets. */
export interface IngestRouteDeps extends AcceptDeps {
  readonly admission: Admission;
  readonly authenticate: Authenticate;
  readonly settings: IngestSettings;
}
