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

/** What settling an inbox needs. */
export interface InboxDeps extends AcceptDeps {
  readonly log: Logger;
}

/**
 * Settles one batch of a tenant's inbox. Every record is one order, and is decided exactly as in a push. The
 * checkpoint moves when accepted orders are durable in the log and parked orders in the database. After a crash
 * in between, the orders are accepted again, and the ledger counts them once. Rejected orders become dead letters
 * in the transaction that moves the checkpoint. Bytes that are no order are a deterministic error, and the log
 * sets them aside.
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
      // The value as stored in the log, so that it can be appended again in its own schema.
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

/** An error for a number, an instant or a text of a record that is out of range. */
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

/** The records of rejected orders, each with all its faults. */
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
