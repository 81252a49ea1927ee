import { isCurrency, isTimeZone, type OrderPush, shown } from "@tillcast/schemas";
import type { Fault } from "./faults.ts";

/** Finds faults in the currency, the zone and the keys, and values that contradict each other. */
export function checkWords(order: OrderPush, faults: Fault[]): void {
  if (!isCurrency(order.currency)) {
    faults.push({
      field: "currency",
      reason: `must be an ISO 4217 code in capitals, such as EUR; got ${shown(order.currency)}`,
    });
  }
  if (order.timeZone !== undefined && !isKnownZone(order.timeZone)) {
    faults.push({
      field: "timeZone",
      reason: `must be an IANA time zone, such as Europe/Berlin; got ${shown(order.timeZone)}`,
    });
  }
  if (isPresent(order.voidedAt) && order.status !== "voided" && order.status !== "deleted") {
    faults.push({
      field: "voidedAt",
      reason: `contradicts the status "${order.status}"; only a voided order has it`,
    });
  }
  uniqueKeys("lines", order.lines, faults);
  uniqueKeys("charges", order.charges, faults);
  uniqueKeys("payments", order.payments, faults);
  uniqueKeys("refunds", order.refunds, faults);
  order.lines.forEach((line, at) => {
    if (line.qty >= 0n || order.kind === "exchange") return;
    faults.push({
      field: `lines[${at}].qty`,
      reason:
        'must not be negative, unless kind is "exchange"; a return is an order of kind "return"',
    });
  });
}

/** Caches valid zones, because a check costs 30 µs. The cache is bounded, because the text comes from outside. */
const ZONES_MAX_COUNT = 1_000;
const knownZones = new Set<string>();

function isKnownZone(zone: string): boolean {
  if (knownZones.has(zone)) return true;
  if (!isTimeZone(zone)) return false;
  if (knownZones.size < ZONES_MAX_COUNT) knownZones.add(zone);
  return true;
}

function uniqueKeys(
  part: string,
  items: readonly { readonly key: string }[],
  faults: Fault[],
): void {
  if (items.length < 2) return;
  const seen = new Map<string, number>();
  items.forEach(({ key }, at) => {
    const first = seen.get(key);
    if (first === undefined) seen.set(key, at);
    else {
      faults.push({
        field: `${part}[${at}].key`,
        reason: `must be unique among ${part}; ${part}[${first}] has ${shown(key)} too`,
      });
    }
  });
}

function isPresent<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined;
}
