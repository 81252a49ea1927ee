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

/** What the client hears of one request. */
interface Heard<Body> {
  readonly data?: Body;
  /** The body of a refusal: problem details, or whatever stood in between and answered instead. */
  readonly error?: unknown;
  readonly response: Response;
}

/** The body of a request's answer; throws a `RequestError`, also without a network. */
export async function answerOf<Body>(asked: Promise<Heard<Body>>): Promise<Body> {
  const { data, error, response } = await asked.catch(() => {
    throw new RequestError(0, { title: text("problem.network"), code: "network" });
  });
  if (response.ok) return data as Body;
  throw new RequestError(response.status, isProblem(error) ? error : {});
}

function isProblem(error: unknown): error is Partial<Problem> {
  return typeof error === "object" && error !== null;
}
