import { withoutAllowedSecrets } from "@memomesh/guard";
import { type GateResult, score } from "./score.ts";
import { defaultSettings, type GateSettings } from "./settings.ts";
import type { GateFile, Subject } from "./subject.ts";
import { runTools } from "./tools/run-tools.ts";

/** Scores a subject after the programs of this machine have looked at it, unless the settings say not to ask them. */
export async function gate(subject: Subject, settings: GateSettings = defaultSettings): Promise<GateResult> {
  const cleared = await clearedFiles(subject);
  if (!settings.tools) return score(subject, { settings, cleared });
  const { told, missing } = await runTools(subject, settings);
  return score(subject, { settings, cleared, told, missingTools: missing });
}

/** The files without what `guard.allowedSecrets` of mesh.yml allows. */
function clearedFiles({ files, guard }: Subject): Promise<readonly GateFile[]> {
  const allowed = new Set(guard?.allowedSecrets);
  return Promise.all(files.map(async ({ path, text }) => ({ path, text: await withoutAllowedSecrets(text, allowed) })));
}
