import { fileURLToPath } from "node:url";

/** The folder of the product's migrations. */
export const migrationFolder: string = fileURLToPath(
  new URL("../../schemas/migrations/", import.meta.url),
);
