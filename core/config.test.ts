import { expect, test } from "vitest";
import { z } from "zod";
import { defineSettings, describeSettings, readSettings, setting } from "./config.ts";

const definition = defineSettings({
  PORT: setting(z.coerce.number().int().min(1).max(65_535), {
    default: "8080",
    description: "The port of the web server.",
  }),
  EVENT_LOG: setting(z.enum(["postgres", "kafka"]), {
    default: "postgres",
    description: "Where events lie.",
  }),
  DATABASE_URL: setting(z.url().optional(), { description: "The database; absent: embedded." }),
});
const required = defineSettings({
  KAFKA_BROKERS: setting(z.string(), { description: "Host and port of each broker." }),
});

test("defaults fill what is absent, and empty means absent", () => {
  const settings = readSettings(definition, { PORT: "", DATABASE_URL: " " });
  expect(settings).toEqual({ PORT: 8080, EVENT_LOG: "postgres", DATABASE_URL: undefined });
});

test("text becomes the value that the schema gives", () => {
  const settings = readSettings(definition, { PORT: "9000", EVENT_LOG: "kafka" });
  expect(settings.PORT).toBe(9000);
  expect(settings.EVENT_LOG).toBe("kafka");
});

test("all faults are reported together, each with its name", () => {
  const env = { PORT: "0", EVENT_LOG: "rabbit", DATABASE_URL: "nowhere" };
  expect(() => readSettings({ ...definition, ...required }, env)).toThrow(
    /PORT: .*EVENT_LOG: .*DATABASE_URL: .*KAFKA_BROKERS is missing \(Host and port of each broker\.\)/,
  );
});

test("the example file has a sentence and a default for each name, once", () => {
  const text = describeSettings(definition, required, definition);
  expect(text.match(/PORT=/g)).toHaveLength(1);
  expect(text).toContain("# The port of the web server.\nPORT=8080\n");
  expect(text).toContain("# Host and port of each broker.\n# KAFKA_BROKERS=\n");
});
