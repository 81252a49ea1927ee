import { appError } from "@tillcast/core";
import type { Pool } from "pg";

const loopback = /^(127(\.\d{1,3}){3}|::1|localhost)$/;

/** Refuses to listen on a public address while a tenant exists whose data is made up. */
export async function refusePublicDemo(
  pool: Pool,
  host: string,
  demo: "on" | "off",
): Promise<void> {
  if (loopback.test(host)) return;
  const { rows } = await pool.query("select 1 from tenant where is_demo limit 1");
  if (demo === "off" && rows.length === 0) return;
  const faults = `HOST: ${host} is a public address, which is refused while the demo tenant exists; set TILLCAST_DEMO=off on a new data folder`;
  throw appError("configInvalid", { faults });
}
