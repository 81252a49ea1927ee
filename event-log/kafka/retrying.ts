import { pause, retryPauseMs } from "@tillcast/core";
import { asKafkaUnavailable } from "./kafka-errors.ts";
import type { KafkaLogLimits } from "./limits.ts";

/** Questions to the brokers are never cut short: each has a time-out of its own. */
const never = new AbortController().signal;

/**
 * Asks the brokers again after a fault that may pass, such as a leader that is just being chosen; at last
 * raises `logUnavailable`. `work` hears which try it is, from 0.
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
