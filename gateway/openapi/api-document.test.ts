import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { describeApi } from "./api-document.ts";
import { apiFiles, apiRouteFolders, typesOf } from "./api-files.ts";

const advice = "run: node gateway/openapi/write-openapi.ts";

describe("the API's document", () => {
  let document: object;
  beforeAll(async () => {
    document = await describeApi(apiRouteFolders);
  });

  test("is the one that is kept", async () => {
    const kept = JSON.parse(await readFile(apiFiles.document, "utf8"));
    expect(JSON.parse(JSON.stringify(document)), advice).toEqual(kept);
  });

  test("has the types that are kept", async () => {
    expect(await typesOf(document), advice).toBe(await readFile(apiFiles.types, "utf8"));
  }, 30_000);

  test("describes every operation in words, with its group", () => {
    const { paths } = document as {
      paths: Record<string, Record<string, { summary?: string; tags?: string[] }>>;
    };
    expect(Object.keys(paths).length).toBeGreaterThan(10);
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, { summary, tags }] of Object.entries(operations)) {
        expect(summary, `${method} ${path}`).toBeTruthy();
        expect(tags?.length, `${method} ${path}`).toBe(1);
      }
    }
  });
});
