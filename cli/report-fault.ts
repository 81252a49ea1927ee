import { findAppError } from "@tillcast/core";
import { exitCodes } from "./exit-codes.ts";

/**
 * Says why a command failed: one sentence where the fault is a known one, the stack where it is not; with
 * JSON also as the last line of standard output. Sets the exit code.
 */
export function reportFault(error: unknown, json: boolean): void {
  const known = findAppError(error);
  const unknown = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${known?.message ?? unknown}\n`);
  if (json) {
    const code = known?.code ?? "internal";
    const message = known?.message ?? String(error);
    process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
  }
  const isUsage = known?.code === "configInvalid" || known?.code === "validationFailed";
  process.exitCode = isUsage ? exitCodes.usage : exitCodes.refused;
}
