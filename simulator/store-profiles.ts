import { demoStores } from "./demo-stores.ts";
import { edgeStores } from "./edge-stores.ts";
import type { StoreProfile } from "./store-profile.ts";

/** All stores of the simulator. */
export const storeProfiles: readonly StoreProfile[] = [...demoStores, ...edgeStores];

/** The profile with a key; undefined if there is none. */
export function storeProfile(key: string): StoreProfile | undefined {
  return storeProfiles.find((profile) => profile.key === key);
}
