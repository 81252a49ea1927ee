import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { serviceNames } from "../cli/runtime/roles.ts";
import { root } from "./house/sources.ts";

const read = (path: string) => readFileSync(join(root, path), "utf8");
const namesIn = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? "");

const compose = read("docker-compose.yml");
const embedded = read("docker-compose.embedded.yml");
const settings = new Set(namesIn(read(".env.example"), /^(?:# )?([A-Z][A-Z0-9_]*)=/gm));
const product = compose.slice(compose.indexOf("x-tillcast:"), compose.indexOf("\nservices:"));

/** A service's part of the file; each begins two blanks in. */
function partOf(text: string, service: string): string {
  const from = text.indexOf(`\n  ${service}:\n`);
  if (from < 0) return "";
  const rest = text.slice(from + 1);
  const end = rest.slice(1).search(/\n {0,2}\S/);
  return end < 0 ? rest : rest.slice(0, end + 1);
}

describe("docker-compose.yml", () => {
  it("gives the product only settings that it has", () => {
    const given = namesIn(product, /^ {4}([A-Z][A-Z0-9_]*):/gm);
    expect(given.length).toBeGreaterThan(8);
    expect(given.filter((name) => !settings.has(name))).toEqual([]);
    expect(given).toEqual(expect.arrayContaining(["HOST", "DATABASE_URL", "TILLCAST_SECRET_KEY"]));
  });

  it("runs each service by its command, from the one image", () => {
    for (const name of serviceNames) {
      expect(partOf(compose, name), name).toContain("<<: *tillcast");
      expect(partOf(compose, name), name).toContain(`command: ["${name}"]`);
    }
  });

  it("lets every image be another", () => {
    const images = namesIn(compose, /^ +image: (.+)$/gm);
    expect(images.length).toBeGreaterThan(5);
    expect(images.filter((image) => !/^\$\{[A-Z]+_IMAGE:-[^}]+\}$/.test(image))).toEqual([]);
  });

  it("names what is missing where it has no default", () => {
    // A variable that is required once with its reason needs no default elsewhere.
    const required = new Set(namesIn(compose, /\$\{([A-Z_]+):\?[^}]+\}/g));
    expect([...required].sort()).toEqual(["DATABASE_PASSWORD", "TILLCAST_SECRET_KEY"]);
    const bare = namesIn(compose, /\$\{([A-Z_]+)\}/g);
    expect(bare.filter((name) => !required.has(name))).toEqual([]);
    const example = namesIn(read("deploy/compose.env.example"), /^([A-Z_]+)=/gm);
    expect(example.sort()).toEqual([...required].sort());
  });

  it.each([
    ["docker-compose.yml", compose],
    ["docker-compose.embedded.yml", embedded],
  ])("publishes on the loopback address only, without the demo, in %s", (_, text) => {
    const published = namesIn(text, /^ {6}- "(.*:\d+)"$/gm);
    expect(published.length).toBeGreaterThan(0);
    expect(published.filter((port) => !port.startsWith("127.0.0.1:"))).toEqual([]);
    expect(text).toContain('TILLCAST_DEMO: "off"');
  });

  it("watches the health of everything that others wait for", () => {
    const waitedFor = new Set(namesIn(compose, /^ {4,6}(\w+):\n +condition: service_healthy/gm));
    expect([...waitedFor].sort()).toEqual(["database", "kafka", "registry"]);
    for (const name of waitedFor) expect(partOf(compose, name), name).toContain("healthcheck:");
    expect(product).toContain("/readyz");
  });
});
