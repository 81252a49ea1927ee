/** Rows of `delivery`: what is to reach somebody outside, each by its channel. */

import { randomUUID } from "node:crypto";
import type { ClientBase, Pool } from "pg";
import { resultTypes } from "../../database/result-types.ts";

/** What is to be delivered. */
export interface NewDelivery {
  readonly tenantId?: string;
  readonly channel: string;
  /** Whom it reaches there, such as an address. */
  readonly target: string;
  /** JSON in the channel's own shape. */
  readonly payload: unknown;
}

const insertDelivery = `
  insert into delivery (delivery_id, tenant_id, channel, target, payload)
  values ($1, $2, $3, $4, $5)`;

/** Queues a delivery in the caller's transaction: it is sent if, and only if, that commits. */
export async function queueDelivery(
  tx: Pick<ClientBase, "query">,
  { tenantId, channel, target, payload }: NewDelivery,
): Promise<void> {
  const values = [randomUUID(), tenantId ?? null, channel, target, JSON.stringify(payload)];
  await tx.query(insertDelivery, values);
}

/** One that a worker has taken. */
export interface TakenDelivery {
  readonly deliveryId: string;
  readonly target: string;
  readonly payload: unknown;
  /** This attempt included. */
  readonly attempts: number;
}

const takeDue = `
  update delivery set attempts = attempts + 1, next_at = now() + $3 * interval '1 millisecond'
  where delivery_id = any(array(
    select delivery_id from delivery
    where channel = $1 and state = 'waiting' and next_at <= now()
    order by next_at
    limit $2
    for update skip locked))
  returning delivery_id as "deliveryId", target, payload, attempts`;

/** Takes what is due of a channel, for as long as the lease lasts; no two workers get the same one. */
export async function takeDeliveries(
  pool: Pool,
  channel: string,
  { atOnce, leaseMs }: { readonly atOnce: number; readonly leaseMs: number },
): Promise<readonly TakenDelivery[]> {
  const { rows } = await pool.query<TakenDelivery>({
    text: takeDue,
    values: [channel, atOnce, leaseMs],
    types: resultTypes,
  });
  return rows;
}

const endDelivery = `
  update delivery set state = $2, last_error = $3, payload = null, ended_at = now() where delivery_id = $1`;

/** Ends a delivery and empties it: what it said may hold a link that must not stay. */
export async function endOne(
  pool: Pool,
  deliveryId: string,
  end: { readonly state: "sent" } | { readonly state: "gave_up"; readonly error: string },
): Promise<void> {
  await pool.query(endDelivery, [deliveryId, end.state, end.state === "sent" ? null : end.error]);
}

const postponeDelivery = `
  update delivery set next_at = now() + $2 * interval '1 millisecond', last_error = $3 where delivery_id = $1`;

/** Lets a delivery be tried again after a pause. */
export async function postponeOne(
  pool: Pool,
  deliveryId: string,
  pauseMs: number,
  error: string,
): Promise<void> {
  await pool.query(postponeDelivery, [deliveryId, pauseMs, error]);
}
