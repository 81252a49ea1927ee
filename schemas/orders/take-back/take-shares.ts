import { splitProRata } from "../../money/split.ts";
import { chargeKinds } from "../order-words.ts";
import type { BillPart } from "./bill-parts.ts";

/** What one act takes back of one part, in the signs with which the sale posted it. */
export interface Taken {
  readonly part: BillPart;
  net: bigint;
  tax: bigint;
  units: bigint;
}

/** What one act takes back, by part. */
export type TakenParts = Map<BillPart, Taken>;

/** An amount from which a share is taken, and the most that may be taken of it. */
export interface Cell {
  readonly part: BillPart;
  readonly column: "net" | "tax";
  readonly most: bigint;
}

/** The sums of a sale over which an amount is split first, so that each of them is right to the cent. */
const groups = ["revenue", "tax", ...chargeKinds.map((kind) => `charge_${kind}`), "none"];

const groupOf = ({ part, column }: Cell): string => {
  if (column === "tax") return "tax";
  if (part.charge !== null) return `charge_${part.charge.kind}`;
  return part.line?.revenue === true ? "revenue" : "none";
};

/** The amounts above zero that are left of some parts; what a bill owes is not taken back from it. */
export function cellsOf(parts: readonly BillPart[]): Cell[] {
  const cells: Cell[] = [];
  for (const part of parts) {
    if (part.net > 0n) cells.push({ part, column: "net", most: part.net });
    if (part.tax > 0n) cells.push({ part, column: "tax", most: part.tax });
  }
  return cells;
}

/** Sums the most that cells can give. */
export const mostOf = (cells: readonly Cell[]): bigint =>
  cells.reduce((sum, cell) => sum + cell.most, 0n);

/**
 * Takes an amount from cells in shares of what is left of them: split over the sums of the sale, and each
 * sum over its cells. Answers what was taken, which is less than `amount` where less is left.
 */
export function takeShares(taken: TakenParts, cells: readonly Cell[], amount: bigint): bigint {
  const most = mostOf(cells);
  const share = amount < most ? amount : most;
  if (share <= 0n) return 0n;
  const byGroup = groups.map((group) => cells.filter((cell) => groupOf(cell) === group));
  const ofGroups = splitProRata(share, byGroup.map(mostOf));
  byGroup.forEach((inGroup, index) => {
    if (inGroup.length === 0) return;
    const ofCells = splitProRata(
      ofGroups[index] as bigint,
      inGroup.map((cell) => cell.most),
    );
    inGroup.forEach(({ part, column }, place) => {
      move(taken, part, column, ofCells[place] as bigint);
    });
  });
  return share;
}

/** Takes all that is left of some parts, also what the bill owes for them. */
export function takeAll(taken: TakenParts, parts: readonly BillPart[]): void {
  for (const part of parts) {
    takenOf(taken, part);
    move(taken, part, "net", part.net);
    move(taken, part, "tax", part.tax);
    takeUnits(taken, part);
  }
}

/** Takes what is left of a part's units. */
export function takeUnits(taken: TakenParts, part: BillPart): void {
  if (part.units === 0n) return;
  takenOf(taken, part).units += part.units;
  part.units = 0n;
}

function move(taken: TakenParts, part: BillPart, column: "net" | "tax", amount: bigint): void {
  if (amount === 0n) return;
  takenOf(taken, part)[column] += amount;
  part[column] -= amount;
}

function takenOf(taken: TakenParts, part: BillPart): Taken {
  const found = taken.get(part);
  if (found !== undefined) return found;
  const made = { part, net: 0n, tax: 0n, units: 0n };
  taken.set(part, made);
  return made;
}
