import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GatewayHarness, openGatewayHarness } from "../testing/harness.ts";

describe("the web app and what stands around it", () => {
  let harness: GatewayHarness;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tillcast-web-"));
    await mkdir(join(folder, "assets"));
    await writeFile(join(folder, "index.html"), "<!doctype html><title>app</title>");
    await writeFile(join(folder, "assets", "main-abc123.js"), "export {};");
    await writeFile(join(folder, "robots.txt"), "User-agent: *");
    harness = await openGatewayHarness({ webDist: folder });
  });
  afterAll(async () => {
    await harness.close();
    await rm(folder, { recursive: true });
  });

  const get = (url: string, headers: Record<string, string> = { accept: "text/html" }) =>
    harness.http.inject({ url, headers });

  test("files with a hash in their name are kept for ever, pages never", async () => {
    const asset = await get("/assets/main-abc123.js");
    expect(asset.statusCode).toBe(200);
    expect(asset.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    for (const url of ["/", "/stores/some-store", "/robots.txt"]) {
      const answer = await get(url);
      expect([answer.statusCode, answer.headers["cache-control"]], url).toEqual([200, "no-cache"]);
    }
    expect((await get("/stores/some-store")).body).toContain("<title>app</title>");
  });

  test("what is neither a file nor a page is a problem, not a page", async () => {
    for (const [url, accept] of [
      ["/v1/nothing", "text/html"],
      ["/assets/gone-def456.js", "text/html"],
      ["/data.json", "application/json"],
      ["/assets", "application/json"],
      ["/..%2f..%2fetc/passwd", "application/json"],
    ] as const) {
      const answer = await get(url, { accept });
      expect(answer.statusCode, url).toBe(404);
      expect(answer.headers["content-type"]).toContain("application/problem+json");
    }
  });

  test("nothing inline runs, and nothing frames us", async () => {
    const { headers } = await get("/");
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("style-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    expect(headers["strict-transport-security"]).toBeUndefined();
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });

  test("the API has a document and pages to read it", async () => {
    const document = (await get("/openapi.json")).json();
    expect(document.openapi).toBe("3.1.0");
    expect(Object.keys(document.paths)).toContain("/v1/stores/{storeId}/sales");
    const sales = document.paths["/v1/stores/{storeId}/sales"].get;
    expect(Object.keys(sales.responses)).toEqual(["200", "default"]);
    expect(document.components.schemas.Problem.required).toContain("code");
    expect((await get("/docs/")).statusCode).toBe(200);
  });

  test("says that it lives and that it is ready, and keeps its metrics to another address", async () => {
    expect((await get("/healthz")).json()).toEqual({ status: "ok" });
    expect((await get("/readyz")).json()).toEqual({
      ready: true,
      checks: [{ name: "dashboard reads", ok: true }],
    });
    expect((await get("/metrics", { accept: "application/json" })).statusCode).toBe(404);
  });

  test("long answers are compressed", async () => {
    const answer = await get("/openapi.json", { "accept-encoding": "gzip" });
    expect(answer.headers["content-encoding"]).toBe("gzip");
  });
});

describe("without a built web app", () => {
  test("a page says how to build it", async () => {
    const harness = await openGatewayHarness();
    try {
      const answer = await harness.http.inject({ url: "/", headers: { accept: "text/html" } });
      expect(answer.statusCode).toBe(503);
      expect(answer.body).toContain("npm run build");
    } finally {
      await harness.close();
    }
  });
});
