import type { Principal } from "@tillcast/accounts";
import type { HttpServer } from "@tillcast/core/http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { registerApi } from "../gateway/openapi/api-document.ts";
import { apiRouteFolders } from "../gateway/openapi/api-files.ts";

interface Operation {
  readonly tags: readonly string[];
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
}

/** May do everything, so that no route stops before its query is looked at. */
const owner: Principal = {
  kind: "user",
  tenantId: "0b8ff7a2-4a3b-4c55-9d0e-0f2a3c1d5e6f",
  role: "owner",
  scopes: [],
  storeIds: null,
};

let app: HttpServer;
let operations: { method: string; path: string; taken: string[] }[];
beforeAll(async () => {
  app = await registerApi(apiRouteFolders, async () => owner);
  const { paths } = app.swagger() as unknown as {
    paths: Record<string, Record<string, Operation>>;
  };
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      // Balancers and monitors write these addresses.
      .filter(([, { tags }]) => !tags.includes("operations"))
      .map(([method, { parameters = [] }]) => ({
        method: method.toUpperCase(),
        path: path.replaceAll(/\{\w+\}/g, "0b8ff7a2-4a3b-4c55-9d0e-0f2a3c1d5e6f"),
        taken: parameters.filter((one) => one.in === "query").map(({ name }) => name),
      })),
  );
});
afterAll(() => app.close());

async function send(method: string, url: string) {
  const answer = await app.inject({ method: method as "GET", url });
  return { status: answer.statusCode, problem: answer.json<Record<string, unknown>>() };
}

test("every route refuses a query parameter that it does not know, by name", async () => {
  expect(operations.length).toBeGreaterThan(15);
  for (const { method, path } of operations) {
    const { status, problem } = await send(method, `${path}?grian=day`);
    expect([status, problem.code, problem.field], `${method} ${path}`).toEqual([
      400,
      "badRequest",
      "query.grian",
    ]);
  }
});

test("every route refuses a query parameter that is given twice, by name", async () => {
  const taking = operations.filter(({ taken }) => taken.length > 0);
  expect(taking.length).toBeGreaterThan(4);
  for (const { method, path, taken } of taking) {
    for (const name of taken) {
      const { status, problem } = await send(method, `${path}?${name}=a&${name}=b`);
      expect([status, problem.field], `${method} ${path}`).toEqual([400, `query.${name}`]);
    }
  }
});
