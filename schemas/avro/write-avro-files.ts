import { writeFile } from "node:fs/promises";
import { logContracts } from "./avro-files.ts";

await Promise.all(logContracts().map(({ file, text }) => writeFile(file, text)));
