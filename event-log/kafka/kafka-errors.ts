/** Turns errors of the Kafka client into ours. */

import { findErrorBy } from "@platformatic/kafka";
import { AppError, appError } from "@tillcast/core";

/** The broker's names of the errors that we handle. */
type BrokerError =
  | "TOPIC_ALREADY_EXISTS"
  | "OFFSET_OUT_OF_RANGE"
  | "UNKNOWN_TOPIC_ID"
  | "UNKNOWN_TOPIC_OR_PARTITION"
  | "INCONSISTENT_TOPIC_ID"
  | "MESSAGE_TOO_LARGE"
  | "RECORD_LIST_TOO_LARGE";

/** Whether a broker answered with this error, at any depth of wrapping. */
export function isBrokerError(error: unknown, ...names: readonly BrokerError[]): boolean {
  return error instanceof Error && names.some((name) => findErrorBy(error, "apiId", name) !== null);
}

/** Whether no broker knows the topic. */
export function isUnknownTopic(error: unknown): boolean {
  if (isBrokerError(error, "UNKNOWN_TOPIC_OR_PARTITION", "UNKNOWN_TOPIC_ID")) return true;
  return reasons(error).some((reason) => reason.includes("Unknown topic"));
}

/** A failure of the brokers or of the network. It is unknown whether something was stored. */
export function asKafkaUnavailable(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isBrokerError(error, "MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE")) {
    const limit = "the broker's max.message.bytes";
    return appError("tooLarge", { what: "A batch of records", limit }, { cause: error });
  }
  const reason = [...new Set(reasons(error))].slice(0, reasonsMax).join("; ");
  return appError("logUnavailable", { reason }, { cause: error });
}

/** The client's error contains one error per retry. The first few are enough for a person. */
const reasonsMax = 3;

/** The messages inside an error that only counts failures, each followed by its cause. */
function reasons(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error) || depth > depthMax) return [String(error)];
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.flatMap((one: unknown) => reasons(one, depth + 1));
  }
  if (error.cause === undefined) return [error.message];
  return reasons(error.cause, depth + 1).map((cause) => `${error.message} ${cause}`);
}

const depthMax = 5;
