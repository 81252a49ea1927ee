import type { AcceptDeps } from "./accept/accept-orders.ts";
import type { IngestSettings } from "./config.ts";
import type { Admission } from "./sources/push/admission.ts";

/** What every route group of ingest gets. */
export interface IngestRouteDeps extends AcceptDeps {
  readonly admission: Admission;
  readonly settings: IngestSettings;
}
