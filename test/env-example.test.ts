import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { envExample, envExampleFile } from "../deploy/env-example.ts";

it("keeps .env.example equal to the settings that the services read (npm run env:write)", async () => {
  const written = await readFile(envExampleFile, "utf8");
  expect(written).toBe(await envExample());
  expect(written).toContain("PORT=8080");
});
