export type { Scenario } from "./day-plan.ts";
export { dayDeliveries, deliveriesOf } from "./deliveries.ts";
export { demoStores } from "./demo-stores.ts";
export {
  demoTenant,
  ensureDemoTenant,
  ensureSimulatedTenant,
  type SimulatedStore,
  simulatorAccountId,
} from "./demo-tenant.ts";
export { edgeStores } from "./edge-stores.ts";
export { type ExpectedTotal, expectedNet, expectedTotals } from "./expected-totals.ts";
export { deliverHistory } from "./history.ts";
export { startLiveSimulation } from "./live.ts";
export { loadOrders, simulatedStores } from "./load.ts";
export { closeoutsOf, type StoreProfile } from "./store-profile.ts";
export { storeProfiles } from "./store-profiles.ts";
export { heavyTrouble, noTrouble, type Trouble, usualTrouble } from "./trouble.ts";
