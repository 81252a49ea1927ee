/** Runs the three servers until Ctrl-C, and prints the settings by which tests find them. */
import { openScope } from "@tillcast/core";
import { addressVariables, startStack } from "./start-stack.ts";

const scope = openScope();
const end = () => void scope.close();
process.once("SIGINT", end);
process.once("SIGTERM", end);

const addresses = await startStack(scope);
for (const [address, variable] of Object.entries(addressVariables)) {
  console.log(`export ${variable}=${addresses[address as keyof typeof addresses]}`);
}
