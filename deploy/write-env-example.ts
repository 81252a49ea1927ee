import { writeFile } from "node:fs/promises";
import { envExample, envExampleFile } from "./env-example.ts";

await writeFile(envExampleFile, await envExample());
