import { appError } from "@tillcast/core";
import { type ProblemDetails, toProblem } from "@tillcast/core/http";
import type { OrderPushResponse } from "@tillcast/schemas";
import { limitFaults } from "../../orders/faults.ts";

/** The problem details for a request whose orders were all rejected, with the field of each fault. */
export function rejectionProblem(
  response: OrderPushResponse,
  pathOf: (index: number) => string,
  requestId: string,
): ProblemDetails {
  const faults = response.orders.flatMap(({ index, field, reason, faults: others }) =>
    [{ field: field ?? "order", reason: reason ?? "is refused" }, ...others].map((fault) => ({
      field: `${pathOf(index)}${fault.field}`,
      reason: fault.reason,
    })),
  );
  const [first] = faults;
  return toProblem(
    appError("validationFailed", {
      field: first?.field ?? "order",
      reason: first?.reason ?? "is refused",
      faults: limitFaults(faults),
    }),
    requestId,
  );
}
