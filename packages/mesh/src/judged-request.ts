import type { RunbookRequest } from "@memomesh/runbooks";
import type { Mesh } from "./load.ts";
import { type RunbookFile, runbookRequest } from "./runbook-files.ts";

/** What has a runbook read for a person who decides on it: with what the gate gives it. */
export async function judgedRequest(mesh: Mesh, file: RunbookFile): Promise<RunbookRequest> {
  // Loaded only where somebody decides.
  const { reviewJudge } = await import("./gate/index.ts");
  return { ...runbookRequest(mesh, file), judge: reviewJudge(mesh, file) };
}
