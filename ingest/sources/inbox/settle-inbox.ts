import { appError, type Logger } from "@tillcast/core";
import { inTransaction, isDataFault, isExhausted } from "@tillcast/core/database";
import {
  advanceCheckpoint,
  type LogBatch,
  type LogRecord,
  lockCheckpoint,
  saveDeadLetter,
} from "@tillcast/event-log";
import {
  INBOX_GROUP,
  inboxOrderCodec,
  isTextKept,
  type OrderPushResponse,
  orderOfInbox,
} from "@tillcast/schemas";
import { type AcceptDeps, acceptOrders } from "../../accept/accept-orders.ts";
import { faultsText } from "../../orders/faults.ts";

/** What settling an inbox stands on. */
export interface InboxDeps extends AcceptDeps {
  readonly log: Logger;
}

/**
 * Settles one batch of a tenant's inbox: every record is one order, taken exactly as a push takes it.
 * The checkpoint moves once the accepted ones are durable in the log and the parked ones in the
 * database, so that a crash in between takes them again, which the ledger counts once. What is rejected
 * becomes a dead letter in the transaction that moves the checkpoint; bytes that are no order are a
 * deterministic fault, which the log sets aside.
 */
export async function settleInbox(
  deps: InboxDeps,
  tenantId: string,
  batch: LogBatch,
): Promise<void> {
  const orders = batch.records.map(decodeOrder);
  const response = await accept(deps, tenantId, orders, batch);
  const rejected = rejectedOf(batch, response);
  const { topic, topicId, partition, position, nextPosition } = batch;
  const key = { group: INBOX_GROUP, topic, topicId, partition };
  await inTransaction(deps.database.service, async (tx) => {
    await lockCheckpoint(tx, key, position);
    for (const { record, reason } of rejected) {
      const { raw: value } = record;
      const cause = { ...key, reason, at: deps.clock.now() };
      // As it lies in the log, so that a later release sends it again in whatever schema wrote it.
      if (value !== undefined) await saveDeadLetter(tx, { ...record, value }, cause);
      else await saveDeadLetter(tx, record, { ...cause, isPlain: true });
    }
    const settledRecords = batch.records.length - rejected.length;
    await advanceCheckpoint(tx, { ...key, from: position, to: nextPosition, settledRecords });
  });
  deps.metrics.setAside({ topic, group: INBOX_GROUP }, rejected.length);
  for (const { record, reason } of rejected) {
    deps.log.error({ topic, partition, offset: record.offset, reason }, "inbox order set aside");
  }
}

async function accept(
  deps: InboxDeps,
  tenantId: string,
  orders: readonly unknown[],
  batch: LogBatch,
): Promise<OrderPushResponse> {
  try {
    return await acceptOrders(deps, { tenantId, storeIds: null, orders });
  } catch (error) {
    if (!isOfRecord(error)) throw error;
    const what = `A record of ${batch.topic}, partition ${batch.partition},`;
    throw appError("undecodable", { what, reason: error.message }, { cause: error });
  }
}

/** A number, an instant or a text of the record is out of range, wherever that was found. */
const isOfRecord = (error: unknown): error is Error =>
  isDataFault(error) || (error instanceof RangeError && !isExhausted(error));

function decodeOrder(record: LogRecord): unknown {
  try {
    const order = inboxOrderCodec.decode(record.value);
    if (!isTextKept(order, record.value)) throw new Error("a text in it is not UTF-8");
    return orderOfInbox(order);
  } catch (cause) {
    if (isExhausted(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : "not this shape";
    const what = `The order at offset ${record.offset} of partition ${record.partition}`;
    throw appError("undecodable", { what, reason }, { cause });
  }
}

interface RejectedRecord {
  readonly record: LogRecord;
  readonly reason: string;
}

/** The rejected orders' records, each with every field at fault and why. */
function rejectedOf(batch: LogBatch, response: OrderPushResponse): RejectedRecord[] {
  return response.orders
    .filter(({ result }) => result === "rejected")
    .map(({ index, field, reason, faults }) => {
      const first = { field: field ?? "order", reason: reason ?? "is refused" };
      return {
        record: batch.records[index] as LogRecord,
        reason: `validationFailed: ${faultsText([first, ...faults])}`,
      };
    });
}
