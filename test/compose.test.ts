import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { serviceNames } from "../cli/runtime/roles.ts";
import { root } from "./house/sources.ts";

/** The parts of a compose file that are looked at here. */
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
}

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly healthcheck?: { readonly test: readonly unknown[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

const read = (path: string) => readFileSync(join(root, path), "utf8");
const namesIn = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? "");

const text = read("docker-compose.yml");
const { services } = parse(text, { merge: true }) as Compose;
const embedded = (parse(read("docker-compose.embedded.yml")) as Compose).services;
const settings = new Set(namesIn(read(".env.example"), /^(?:# )?([A-Z][A-Z0-9_]*)=/gm));

describe("docker-compose.yml", () => {
  it.each([...serviceNames])("runs %s by its command, with settings that it has", (name) => {
    const { image, command, environment = {} } = services[name] ?? { image: "" };
    expect({ image, command }).toEqual({
      image: `\${TILLCAST_IMAGE:-tillcast}`,
      command: [name],
    });
    expect(Object.keys(environment).filter((one) => !settings.has(one))).toEqual([]);
    expect(environment).toMatchObject({
      HOST: "0.0.0.0",
      TILLCAST_DEMO: "off",
      EVENT_LOG: "kafka",
      DATABASE_URL: expect.stringContaining("@database:5432/tillcast"),
    });
  });

  it("lets every image be another", () => {
    const images = Object.values(services).map(({ image }) => image);
    expect(images.length).toBeGreaterThan(7);
    expect(images.filter((image) => !/^\$\{[A-Z]+_IMAGE:-[^}]+\}$/.test(image))).toEqual([]);
  });

  it("gives no container more rights than it needs, and bounds its memory and its log", () => {
    for (const [name, service] of Object.entries(services)) {
      expect(service, name).toMatchObject({
        restart: "unless-stopped",
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
        mem_limit: expect.stringMatching(/^\$\{[A-Z]+_MEMORY:-\d+[mg]\}$/),
        logging: { options: { "max-size": "20m", "max-file": "5" } },
      });
    }
    for (const name of serviceNames) {
      expect(services[name], name).toMatchObject({ read_only: true, tmpfs: ["/tmp"] });
    }
  });

  it("connects no service as the database's superuser, and has no password of its own", () => {
    expect(services.database?.environment).not.toHaveProperty("POSTGRES_USER");
    for (const name of serviceNames) {
      expect(services[name]?.environment?.DATABASE_URL, name).toMatch(/^postgres:\/\/tillcast:/);
    }
    expect(namesIn(text, /\$\{([A-Z_]*PASSWORD[A-Z_]*):-/g)).toEqual([]);
  });

  it("names what is missing where it has no default", () => {
    const required = new Set(namesIn(text, /\$\{([A-Z_]+):\?[^}]+\}/g));
    expect([...required].sort()).toEqual([
      "DATABASE_PASSWORD",
      "DATABASE_SUPERUSER_PASSWORD",
      "GRAFANA_PASSWORD",
      "TILLCAST_SECRET_KEY",
    ]);
    // A variable that is required once with its reason needs none elsewhere.
    expect(namesIn(text, /\$\{([A-Z_]+)\}/g).filter((name) => !required.has(name))).toEqual([]);
    const example = namesIn(read("deploy/compose.env.example"), /^([A-Z_]+)=/gm);
    expect(example.sort()).toEqual([...required].sort());
  });

  it("publishes on the loopback address only", () => {
    const ports = [...Object.values(services), ...Object.values(embedded)].flatMap(
      (service) => service.ports ?? [],
    );
    expect(ports.length).toBeGreaterThan(4);
    expect(ports.filter((port) => !port.startsWith("127.0.0.1:"))).toEqual([]);
    expect(embedded.tillcast?.environment).toMatchObject({ TILLCAST_DEMO: "off" });
  });

  it("watches the health of everything that others wait for, by commands of plain words", () => {
    const waitedFor = Object.values(services).flatMap((service) =>
      Object.entries(service.depends_on ?? {}).filter(
        ([, { condition }]) => condition === "service_healthy",
      ),
    );
    const watched = [...serviceNames, ...waitedFor.map(([name]) => name)];
    const checks = watched.map((name) => services[name]?.healthcheck?.test);
    for (const check of [...checks, embedded.tillcast?.healthcheck?.test]) {
      expect(check?.length).toBeGreaterThan(1);
      expect(check?.filter((word) => typeof word !== "string")).toEqual([]);
    }
  });
});
