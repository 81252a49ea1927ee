import { defineSettings, logLevels, setting } from "@tillcast/core";
import { z } from "zod";
import { trustProxyText } from "./trust-proxy.ts";

/** Settings of the whole installation. Each service has its own settings next to its code. */
export const installationSettings = defineSettings({
  HOST: setting(z.string().min(1), {
    default: "127.0.0.1",
    description: "Address to listen on. A public address is refused while the demo tenant exists.",
  }),
  PORT: setting(z.coerce.number().int().min(0).max(65_535), {
    default: "8080",
    description: "Port of the dashboard, the API and the live socket.",
  }),
  OPERATIONS_HOST: setting(z.string().min(1), {
    default: "127.0.0.1",
    description:
      "Address of /metrics and of the reasons in /readyz, for whoever runs Tillcast; never a public one.",
  }),
  OPERATIONS_PORT: setting(z.coerce.number().int().min(0).max(65_535), {
    default: "9464",
    description:
      "Port of that address; 0 takes a free one. Where it is not set and 9464 is taken, a free one is taken and printed.",
  }),
  TILLCAST_DRAIN_MS: setting(z.coerce.number().int().min(0).max(60_000), {
    default: "3000",
    description:
      'How long an ingest or gateway process reports "not ready" before it stops, in milliseconds. Must be longer than a load balancer needs to notice.',
  }),
  TILLCAST_TRUST_PROXY: setting(trustProxyText, {
    default: "off",
    description:
      "Whose X-Forwarded headers give the caller's address and HTTPS: off, the number of proxies in front (1), or their networks (10.0.0.0/8, separated by commas).",
  }),
  TILLCAST_DATA_DIR: setting(z.string().min(1), {
    default: "./.tillcast",
    description: "Folder for the embedded database, keys and mail.",
  }),
  TILLCAST_DEMO: setting(z.enum(["on", "off"]), {
    default: "on",
    description: "Whether a demo tenant with simulated live sales runs.",
  }),
  DATABASE_URL: setting(z.url({ protocol: /^postgres(ql)?$/ }).optional(), {
    description:
      "PostgreSQL address of the database's owner. Without it, an embedded database runs in the data folder.",
  }),
  DATABASE_READ_URL: setting(z.url({ protocol: /^postgres(ql)?$/ }).optional(), {
    description:
      "PostgreSQL address of a replica for dashboards. Without it, dashboards read from the database itself.",
  }),
  TILLCAST_SECRET_KEY: setting(z.string().min(1).optional(), {
    description:
      "Key that encrypts secrets. Without it, one is created in the data folder. Required with DATABASE_URL.",
  }),
  TILLCAST_BACKUP_HOLD_DAYS: setting(z.coerce.number().int().min(1), {
    default: "35",
    description:
      "Days for which the log keeps the records that a backup needs. A restore from an older backup cannot continue from the log.",
  }),
  TILLCAST_MAIL_URL: setting(z.url({ protocol: /^smtps?$/ }).optional(), {
    description:
      "SMTP server for mail, such as smtps://user:password@host. Without it, mails are files in the data folder. A server of smtp:// must offer TLS, unless the address ends with ?requireTLS=false.",
  }),
  TILLCAST_MAIL_FROM: setting(z.string().min(3).optional(), {
    description:
      "The address that mail comes from, such as Tillcast <sales@example.com>. Required with TILLCAST_MAIL_URL.",
  }),
  LOG_LEVEL: setting(z.enum(logLevels), {
    default: "warn",
    description: "Lowest level of log lines on standard error.",
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(z.url({ protocol: /^https?$/ }).optional(), {
    description:
      "Address of an OpenTelemetry collector, such as http://127.0.0.1:4318. Without it, there are no traces.",
  }),
  OTEL_EXPORTER_OTLP_HEADERS: setting(z.string().optional(), {
    description:
      "Headers for the collector, such as authorization=Bearer%20KEY, separated by commas.",
  }),
  OTEL_TRACES_SAMPLER_ARG: setting(z.coerce.number().min(0).max(1), {
    default: "0.01",
    description:
      "Part of pushes, from 0 to 1, that start a trace. A push within a caller's trace is recorded if that trace is.",
  }),
  OTEL_SERVICE_NAME: setting(z.string().min(1).optional(), {
    description:
      "Service name in traces. Without it, the name tells what the process runs, such as tillcast-ingest.",
  }),
});
