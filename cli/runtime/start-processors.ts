import { openScope, readSettings } from "@tillcast/core";
import { proofSettings, startProofs } from "@tillcast/proofs";
import { startStreamProcessors, streamProcessorSettings } from "@tillcast/stream-processors";
import type { Installation } from "./installation.ts";

/** Starts what counts orders, and what proves meanwhile that they are counted; `stop` ends both. */
export async function startProcessors(
  installation: Omit<Installation, "settings">,
): Promise<{ stop(): Promise<void> }> {
  const scope = openScope();
  const processors = await startStreamProcessors({
    ...installation,
    settings: readSettings(streamProcessorSettings, process.env),
  });
  scope.defer(() => processors.stop());
  const settings = readSettings(proofSettings, process.env);
  const proofs = startProofs({ ...installation, settings });
  scope.defer(() => proofs.stop());
  return { stop: () => scope.close() };
}
