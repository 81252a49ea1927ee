import type { Problem } from "@tillcast/schemas/browser";
import { text } from "../i18n/text.ts";

/** An answer that is no success, in the words of its problem details (RFC 9457). */
export class RequestError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string | undefined;
  readonly requestId: string | undefined;

  constructor(status: number, problem: Partial<Problem>) {
    super(problem.title ?? text("problem.unexpected"));
    this.status = status;
    this.code = problem.code ?? "internal";
    this.detail = problem.detail;
    this.requestId = problem.requestId;
  }
}

/** One request as JSON, with the session's cookie; throws a `RequestError`, also without a network. */
export async function request<Answer>(
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await send(method, path, body);
  if (response.status === 204) return undefined as Answer;
  const answer: unknown = await response.json().catch(() => ({}));
  if (!response.ok) throw new RequestError(response.status, answer as Partial<Problem>);
  return answer as Answer;
}

async function send(method: string, path: string, body: unknown): Promise<Response> {
  const content =
    body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  try {
    return await fetch(path, { method, credentials: "same-origin", ...content });
  } catch {
    throw new RequestError(0, { title: text("problem.network"), code: "network" });
  }
}
