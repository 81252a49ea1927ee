import type { Command } from "commander";
import { addNameConflicts } from "../orders/name-conflicts.ts";

export default function addOrders(program: Command): void {
  const group = program
    .command("orders")
    .description("orders that are kept and not counted: list them, and say what they are");
  addNameConflicts(group);
}
