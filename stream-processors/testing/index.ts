export { openHarness, type ProcessorHarness } from "./harness.ts";
export { line, minute, noon, order, storeId, tenantId } from "./orders.ts";
