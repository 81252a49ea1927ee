import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { AppError, appError, errorTable, findAppError } from "./errors.ts";

interface DocumentedRow {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly template: string;
  readonly retry: string;
}

async function documentedRows(): Promise<DocumentedRow[]> {
  const text = await readFile(new URL("../docs/errors.md", import.meta.url), "utf8");
  return text
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, code = "", status = "", title = "", template = "", retry = ""]) => ({
      code: code.replaceAll("`", ""),
      status: Number(status),
      title,
      template,
      retry,
    }));
}

test("docs/errors.md holds the same rows as the table", async () => {
  const rows = Object.entries(errorTable).map(([code, row]) => ({
    code,
    status: row.status,
    title: row.title,
    template: row.template,
    retry: row.deterministic === true ? "no" : "may help",
  }));
  expect(await documentedRows()).toEqual(rows);
});

test("an error's sentence is filled from its fields", () => {
  const error = appError("validationFailed", { field: "body.currency", reason: "XYZ is unknown" });
  expect(error.message).toBe("body.currency: XYZ is unknown.");
  expect(error.status).toBe(422);
  expect(error.deterministic).toBe(true);
  expect(appError("notFound").message).toBe("There is no unknown here.");
});

test("an error of the table is found below its wrappers, and not in a ring of causes", () => {
  const inner = appError("headMoved", { missing: 1, sent: 2 });
  expect(findAppError(new Error("a", { cause: new Error("b", { cause: inner }) }))).toBe(inner);
  expect(inner).toBeInstanceOf(AppError);
  const ring = new Error("ring");
  ring.cause = ring;
  expect(findAppError(ring)).toBeUndefined();
});
