import { appError } from "@tillcast/core";

/** Refuses whoever comes with credentials of a tenant that is out of use, and says so. */
export function refuseDisabledTenant(isDisabled: boolean): void {
  if (!isDisabled) return;
  throw appError("forbidden", {
    reason: "this tenant is disabled; ask whoever runs the installation",
  });
}
