import {
  lifeMarksOf,
  mayHaveFormerName,
  type OrderLife,
  type OrderSnapshot,
  type OrderVersion,
  orderKeyText,
  orderSnapshotCodec,
} from "@tillcast/schemas";
import { currentFold, type Fold } from "./fold.ts";
import type { Posted } from "./posted.ts";
import { shareText } from "./share-text.ts";

/** The bytes of a head's order, and what tells its life. */
export interface KnownPicture {
  readonly storeId: string;
  readonly bytes: Buffer;
  readonly fingerprint: Buffer;
  readonly life: () => OrderLife;
}

/** A head as it was read: what the ledger reflects of one order. */
export interface OrderHead {
  readonly version: OrderVersion;
  readonly headRevision: number;
  readonly posted: Posted;
  /** First and last instant the order ever posted at; null while it has not. */
  readonly postedFrom: number | null;
  readonly postedTo: number | null;
  /** The key of the order that this name leads to; null where it is the order's own. */
  readonly movedTo: string | null;
  /** The order as it is known; null where nothing asks for it. */
  readonly picture: KnownPicture | null;
}

/** What is still asked of a snapshot once its postings are known. */
export interface HeadOrder {
  readonly tenantId: string;
  readonly storeId: string;
  readonly source: string;
  readonly accountId: string;
  readonly locationId: string;
  readonly orderId: string;
  readonly version: OrderVersion;
  readonly receivedAt: number;
  /** Kept and not counted. */
  readonly isWithheld: boolean;
}

/**
 * A snapshot's postings with the bytes it arrived as, which the head keeps. Its lines and payments are let
 * go at once: kept until the commit, they were what the garbage collector had most to do with.
 */
export interface ArrivedOrder {
  /** The 16 bytes of the order's key as latin1 text. */
  readonly orderKey: string;
  readonly order: HeadOrder;
  readonly posted: Posted;
  readonly foldRevision: number;
  readonly bytes: Buffer;
  /** Names the schema that wrote the bytes. */
  readonly fingerprint: Buffer;
  /** Reads the bytes. */
  readonly read: ReadOrder;
  /** Whether its feed's numbering was known, so that an order of another store under its name is none. */
  readonly checksStore: boolean;
  /** What its name is decided by beyond that; null where its key alone names it. */
  readonly naming: ArrivedNaming | null;
}

/** What decides which order an arrived picture is of. */
export interface ArrivedNaming {
  /** Whether its number may be another bill's: only then is it held against what is known. */
  readonly checksLife: boolean;
  /** Whether a person or a rule said what it is. */
  readonly isDecided: boolean;
  /** Where and when it was opened. */
  readonly lifeMarks: OrderLife;
  /** The key by which a release before may know it. */
  readonly formerName: string | null;
  /** The key that it leaves, where its feed was given another numbering. */
  readonly leaves: string | null;
}

/** Reads an order's bytes as the schema that wrote them says; one function for all of a schema. */
export type ReadOrder = (bytes: Buffer) => unknown;

/** What a head keeps of an arrived order. */
export type HeldOrder = Pick<
  ArrivedOrder,
  "orderKey" | "order" | "posted" | "foldRevision" | "bytes" | "fingerprint"
> & {
  /** Absent where the head was loaded with its picture. */
  readonly read?: ReadOrder | undefined;
};

/** A head with all that is stored of it. */
export interface StoredHead extends OrderHead, HeldOrder {}

/** A head as it is to be written. */
export interface NewHead extends StoredHead {
  /** Revision that was read; null for an order not seen before. Compared when it is written. */
  readonly readRevision: number | null;
}

/** Whether all of a head is there: those of this batch, and those whose name is left. */
export const isStored = (head: OrderHead): head is StoredHead => "bytes" in head;

/** The schema that wrote a record. */
export interface WriterSchema {
  readonly fingerprint: Buffer;
  readonly decode: ReadOrder;
}

/** Takes from a record's order what the ledger needs of it. */
export function arrivedOrder(
  snapshot: OrderSnapshot,
  bytes: Buffer,
  fold: Fold = currentFold,
  { fingerprint, decode }: WriterSchema = orderSnapshotCodec,
): ArrivedOrder {
  const { orderId, version, receivedAt } = snapshot;
  return {
    orderKey: orderKeyText(snapshot),
    checksStore: snapshot.numbering !== null && snapshot.nameDecision !== "correction",
    naming: namingOf(snapshot),
    order: {
      tenantId: shareText(snapshot.tenantId),
      storeId: shareText(snapshot.storeId),
      source: shareText(snapshot.source),
      accountId: shareText(snapshot.accountId),
      locationId: shareText(snapshot.locationId),
      orderId,
      version,
      receivedAt,
      isWithheld: snapshot.withheld !== null,
    },
    posted: fold.postingsOf(snapshot),
    foldRevision: fold.revision,
    bytes,
    fingerprint,
    read: decode,
  };
}

function namingOf(snapshot: OrderSnapshot): ArrivedNaming | null {
  const { numbering, nameDecision, formerKey } = snapshot;
  // An order that takes another name must not come upon another order there, whatever the numbering.
  const mayMeetAnother = (numbering !== null && numbering !== "unique") || formerKey !== null;
  const checksLife = mayMeetAnother && nameDecision !== "correction";
  const mayBeFormer = mayHaveFormerName(snapshot);
  if (!checksLife && !mayBeFormer && nameDecision === null && formerKey === null) return null;
  return {
    checksLife,
    isDecided: nameDecision !== null,
    lifeMarks: lifeMarksOf(snapshot),
    formerName: mayBeFormer ? orderKeyText({ ...snapshot, numberSpace: null }) : null,
    leaves: formerKey === null ? null : Buffer.from(formerKey, "hex").toString("latin1"),
  };
}
