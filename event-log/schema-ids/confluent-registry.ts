/**
 * A client for a schema registry with Confluent's REST API, which Apicurio offers under `/apis/ccompat/v7`.
 * It needs three calls. Libraries for this API bring a codec of their own, and ours is in `schemas/`.
 */

import { appError, retryPauseMs } from "@tillcast/core";
import { schemaFingerprint } from "@tillcast/schemas";
import { z } from "zod";
import type { AvroSchema, SchemaRegistry } from "./schema-registry.ts";

export interface ConfluentRegistryOptions {
  /** The address before `/subjects` and `/schemas`. */
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** A registry without an answer by then is unreachable. */
const timeoutMs = 5_000;
const retriesMax = 3;
const retryPause = { retryPauseMinMs: 200, retryPauseMaxMs: 2_000 };

/** A new schema must read the values of every older one, because the log keeps records for years. */
const compatibility = "BACKWARD_TRANSITIVE";

const contentType = "application/vnd.schemaregistry.v1+json";

const registered = z.object({ id: z.number().int() });
const found = z.object({ schema: z.string(), schemaType: z.string().optional() });

/** Makes the client. It connects on first use. */
export function makeConfluentRegistry(options: ConfluentRegistryOptions): SchemaRegistry {
  const base = options.url.replace(/\/+$/, "");
  const headers: Record<string, string> = { "Content-Type": contentType, Accept: contentType };
  if (options.username !== undefined) {
    const credentials = Buffer.from(`${options.username}:${options.password ?? ""}`);
    headers.Authorization = `Basic ${credentials.toString("base64")}`;
  }

  /** Sends a request and retries it while a retry may help. */
  async function ask(method: string, path: string, body?: unknown): Promise<Response> {
    for (let attempt = 0; ; attempt += 1) {
      const reason = await fetch(`${base}${path}`, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
      }).then(
        (response) => (response.status < 500 ? response : `it answered ${response.status}`),
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      if (typeof reason !== "string") return reason;
      if (attempt >= retriesMax) {
        throw appError("logUnavailable", { reason: `the schema registry at ${base}: ${reason}` });
      }
      await new Promise((resolve) => setTimeout(resolve, retryPauseMs(attempt, retryPause)));
    }
  }

  return {
    async register(topic, { schema }) {
      const subject = `${topic}-value`;
      const path = encodeURIComponent(subject);
      const answer = await ask("POST", `/subjects/${path}/versions`, {
        schema: JSON.stringify(schema),
      });
      if (!answer.ok) throw await refused(subject, answer);
      const { id } = registered.parse(await answer.json());
      // The subject must exist before its rule can be set. Until then the registry's default applies.
      const rule = await ask("PUT", `/config/${path}`, { compatibility });
      if (!rule.ok) throw await refused(subject, rule);
      return id;
    },
    async find(schemaId) {
      const answer = await ask("GET", `/schemas/ids/${schemaId}`);
      if (answer.status === 404) return undefined;
      if (!answer.ok) throw await refused(`schema ${schemaId}`, answer);
      const { schema, schemaType = "AVRO" } = found.parse(await answer.json());
      if (schemaType !== "AVRO") return undefined;
      const avro = JSON.parse(schema) as AvroSchema;
      return { schema: avro, fingerprint: schemaFingerprint(avro) };
    },
  };
}

async function refused(subject: string, answer: Response) {
  const reason = `${answer.status} ${(await answer.text()).slice(0, 500)}`;
  return appError("schemaRefused", { subject, reason });
}
