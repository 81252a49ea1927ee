import { defineSettings, logLevels, setting } from "@tillcast/core";
import { z } from "zod";

/** Settings of the whole installation; each service has its own beside its code. */
export const installationSettings = defineSettings({
  HOST: setting(z.string().min(1), {
    default: "127.0.0.1",
    description: "Address to listen on; a public one is refused while the demo tenant exists.",
  }),
  PORT: setting(z.coerce.number().int().min(0).max(65_535), {
    default: "8080",
    description: "Port of the dashboard, the API and the live socket.",
  }),
  TILLCAST_DRAIN_MS: setting(z.coerce.number().int().min(0).max(60_000), {
    default: "3000",
    description:
      'How long an ingest or gateway process that was told to stop says "not ready" first, in milliseconds; longer than a load balancer takes to notice.',
  }),
  TILLCAST_TRUST_PROXY: setting(z.enum(["on", "off"]), {
    default: "off",
    description:
      "Whether a proxy in front says who calls, and by HTTPS, in X-Forwarded headers; never without one.",
  }),
  TILLCAST_DATA_DIR: setting(z.string().min(1), {
    default: "./.tillcast",
    description: "Folder of the embedded database, keys and mail.",
  }),
  TILLCAST_DEMO: setting(z.enum(["on", "off"]), {
    default: "on",
    description: "Whether a demo tenant's stores trade live.",
  }),
  DATABASE_URL: setting(z.url({ protocol: /^postgres(ql)?$/ }).optional(), {
    description: "PostgreSQL as its owner; absent, a database of our own runs in the data folder.",
  }),
  DATABASE_READ_URL: setting(z.url({ protocol: /^postgres(ql)?$/ }).optional(), {
    description: "A replica for dashboards; absent, they read from the database itself.",
  }),
  TILLCAST_SECRET_KEY: setting(z.string().min(1).optional(), {
    description:
      "Seals secrets; absent, one is made in the data folder. Required with DATABASE_URL.",
  }),
  TILLCAST_BACKUP_HOLD_DAYS: setting(z.coerce.number().int().min(1), {
    default: "35",
    description:
      "Days for which the log is kept from a backup's positions on; a restore from an older one cannot read on.",
  }),
  TILLCAST_MAIL_URL: setting(z.url({ protocol: /^smtps?$/ }).optional(), {
    description:
      "SMTP server for mail, such as smtps://user:password@host; absent, mails are files in the data folder. One of smtp:// must offer TLS, unless the address ends with ?requireTLS=false.",
  }),
  TILLCAST_MAIL_FROM: setting(z.string().min(3).optional(), {
    description:
      "The address that mail comes from, such as Tillcast <sales@example.com>; required with TILLCAST_MAIL_URL.",
  }),
  LOG_LEVEL: setting(z.enum(logLevels), {
    default: "warn",
    description: "How much is written to standard error.",
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(z.url({ protocol: /^https?$/ }).optional(), {
    description:
      "Address of an OpenTelemetry collector, such as http://127.0.0.1:4318; absent, nothing is traced.",
  }),
  OTEL_EXPORTER_OTLP_HEADERS: setting(z.string().optional(), {
    description: "Headers for it, such as authorization=Bearer%20KEY, with commas in between.",
  }),
  OTEL_TRACES_SAMPLER_ARG: setting(z.coerce.number().min(0).max(1), {
    default: "0.01",
    description:
      "Share of pushes that begin a trace; a push that brings a trace is recorded if that trace is.",
  }),
  OTEL_SERVICE_NAME: setting(z.string().min(1).optional(), {
    description:
      "The name under which this process's spans appear; absent, it says what the process runs, such as tillcast-ingest.",
  }),
});
