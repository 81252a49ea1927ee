import { readFileSync } from "node:fs";
import { appError } from "@tillcast/core";

/** Settings that hold a secret. Each may come from a file that `NAME_FILE` names, as containers get secrets. */
export const secretSettings = [
  "DATABASE_URL",
  "DATABASE_READ_URL",
  "KAFKA_SASL_PASSWORD",
  "OTEL_EXPORTER_OTLP_HEADERS",
  "SCHEMA_REGISTRY_PASSWORD",
  "TILLCAST_MAIL_URL",
  "TILLCAST_SECRET_KEY",
] as const;

/**
 * Puts what the files of secret settings hold into the environment, without spaces and line ends around it. Throws one
 * error that lists every file that cannot be read or is empty, and every setting that is given both ways.
 */
export function loadSecretFiles(env: NodeJS.ProcessEnv): void {
  const faults: string[] = [];
  for (const name of secretSettings) {
    const path = env[`${name}_FILE`]?.trim() ?? "";
    if (path === "") continue;
    if ((env[name]?.trim() ?? "") !== "") {
      faults.push(`${name} and ${name}_FILE are both set; one of them must go`);
      continue;
    }
    try {
      const secret = readFileSync(path, "utf8").trim();
      if (secret === "") faults.push(`${name}_FILE: ${path} is empty`);
      else env[name] = secret;
    } catch (cause) {
      const { code = "unknown fault" } = cause as NodeJS.ErrnoException;
      faults.push(`${name}_FILE: ${path} cannot be read (${code})`);
    }
  }
  if (faults.length > 0) throw appError("configInvalid", { faults: faults.join("; ") });
}
