import { join, resolve } from "node:path";
import type { Installation } from "./installation.ts";

/** Where archive bases lie: the folder that was named, else one in the data folder. */
export const archiveFolderOf = (
  { settings }: Pick<Installation, "settings">,
  named: string | undefined,
): string => resolve(named ?? join(settings.TILLCAST_DATA_DIR, "archive"));
