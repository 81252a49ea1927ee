import type { paths } from "@tillcast/schemas/browser";
import createClient from "openapi-fetch";
import { answerOf } from "./request.ts";

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

/** Paths, parameters, bodies and answers are those of the API's document, or this does not compile. */
const client = createClient<paths>({ credentials: "same-origin" });

/** The routes that the dashboard uses. */
export const api = {
  me: () => answerOf(client.GET("/v1/me")),
  signIn: (email: string, password: string) =>
    answerOf(client.POST("/v1/session", { body: { email, password } })),
  redeemLink: (token: string, password: string | undefined) =>
    answerOf(client.POST("/v1/session/link", { body: password ? { token, password } : { token } })),
  signOut: () => answerOf(client.DELETE("/v1/session")),
  overview: () => answerOf(client.GET("/v1/overview")),
  jobs: () => answerOf(client.GET("/v1/jobs")),
  entries: (storeId: string, selection: EntriesSelection, cursor: string | null) => {
    const { businessDate, currency, from, to } = selection;
    const query = {
      businessDate,
      currency,
      limit: PAGE_ENTRIES,
      ...(from === undefined ? {} : { from: new Date(from).toISOString() }),
      ...(to === undefined ? {} : { to: new Date(to).toISOString() }),
      ...(cursor === null ? {} : { cursor }),
    };
    const params = { path: { storeId }, query };
    return answerOf(client.GET("/v1/stores/{storeId}/entries", { params }));
  },
};
