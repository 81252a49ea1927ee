import { pause, retryPauseMs } from "@tillcast/core";
import { asKafkaUnavailable } from "./kafka-errors.ts";
import type { KafkaLogLimits } from "./kafka-limits.ts";

/** Requests to the brokers are never aborted. Each has its own timeout. */
const never = new AbortController().signal;

/**
 * Retries a request to the brokers after a passing error, such as a leader election. After the last retry it
 * throws `logUnavailable`. `work` gets the number of the attempt, from 0.
 */
export async function retrying<Answer>(
  limits: KafkaLogLimits,
  work: (attempt: number) => Promise<Answer>,
): Promise<Answer> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      const fault = asKafkaUnavailable(error);
      if (attempt >= limits.readRetriesMax || fault.code !== "logUnavailable") throw fault;
      await pause(retryPauseMs(attempt, limits), never);
    }
  }
}
