import type { EntriesResponse, JobView, Me, Overview } from "@tillcast/schemas/browser";
import { request } from "./request.ts";

/** Which ledger entries a drill-down asks for: a business day, or a stretch of it. */
export interface EntriesSelection {
  readonly businessDate: string;
  readonly currency: string;
  /** Instants in milliseconds; absent for the whole day. */
  readonly from?: number;
  readonly to?: number;
}

/** Entries per page of a drill-down. */
const PAGE_ENTRIES = 50;

/** The routes that the dashboard uses. */
export const api = {
  me: () => request<Me>("GET", "/v1/me"),
  signIn: (email: string, password: string) =>
    request<unknown>("POST", "/v1/session", { email, password }),
  redeemLink: (token: string, password: string | undefined) =>
    request<unknown>("POST", "/v1/session/link", password ? { token, password } : { token }),
  signOut: () => request<void>("DELETE", "/v1/session"),
  overview: () => request<Overview>("GET", "/v1/overview"),
  jobs: () => request<{ jobs: JobView[] }>("GET", "/v1/jobs"),
  entries: (storeId: string, selection: EntriesSelection, cursor: string | null) =>
    request<EntriesResponse>("GET", entriesPath(storeId, selection, cursor)),
};

function entriesPath(
  storeId: string,
  { businessDate, currency, from, to }: EntriesSelection,
  cursor: string | null,
): string {
  const query = new URLSearchParams({ businessDate, currency, limit: String(PAGE_ENTRIES) });
  if (from !== undefined) query.set("from", new Date(from).toISOString());
  if (to !== undefined) query.set("to", new Date(to).toISOString());
  if (cursor !== null) query.set("cursor", cursor);
  return `/v1/stores/${encodeURIComponent(storeId)}/entries?${query}`;
}
