import { demoStores } from "./demo-stores.ts";
import { edgeStores } from "./edge-stores.ts";
import type { StoreProfile } from "./store-profile.ts";

/** Every store that the simulator knows. */
export const storeProfiles: readonly StoreProfile[] = [...demoStores, ...edgeStores];

/** The profile of a key; undefined where there is none. */
export function storeProfile(key: string): StoreProfile | undefined {
  return storeProfiles.find((profile) => profile.key === key);
}
