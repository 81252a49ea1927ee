import type { Me } from "@tillcast/schemas/browser";
import { createSignal } from "solid-js";
import { api } from "../api/api.ts";
import { RequestError } from "../api/request.ts";

const [me, setMe] = createSignal<Me | null>();

/** Who is signed in: undefined while nobody knows, null for nobody. */
export { me };

/** Whether who is signed in may see sales; an integrator sends orders and sees none. */
export function seesSales(): boolean {
  return me()?.role !== "integrator";
}

let asking: Promise<Me | null> | undefined;

/** Asks the server who is signed in; callers at the same time share one question. */
export function loadMe(): Promise<Me | null> {
  asking ??= readMe().finally(() => {
    asking = undefined;
  });
  return asking;
}

/** Ends the session here and on the server. */
export async function signOut(): Promise<void> {
  await api.signOut().catch(() => undefined);
  setMe(null);
}

/** The server no longer knows the session. */
export function forgetMe(): void {
  setMe(null);
}

async function readMe(): Promise<Me | null> {
  try {
    const known = await api.me();
    setMe(known);
    return known;
  } catch (error) {
    if (!(error instanceof RequestError) || error.status !== 401) throw error;
    setMe(null);
    return null;
  }
}
